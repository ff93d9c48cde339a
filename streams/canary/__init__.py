"""A made-up emergency through the whole pipeline, one for each partition, over and over: does it still come out, right, and how soon?"""
