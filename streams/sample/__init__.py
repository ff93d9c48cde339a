"""A made-up stream to try Vigil with: hundreds of people, both services, every clause of the policy.

All words are our own; nobody is real.
"""
