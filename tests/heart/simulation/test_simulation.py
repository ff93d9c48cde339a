import os

import pytest

from tests.heart.simulation.scenario import Scenario

SEEDS = int(os.environ.get("VIGIL_SEEDS", "400"))
FIRST = int(os.environ.get("VIGIL_FIRST_SEED", "0"))
BLOCK = 50


@pytest.mark.parametrize("block", range(FIRST, FIRST + SEEDS, BLOCK))
def test_nothing_is_lost_whatever_the_seed(block: int) -> None:
    """Every record is told of and counted once, no commit passes one that is not, nothing stands still, whenever workers crash."""
    for seed in range(block, min(block + BLOCK, FIRST + SEEDS)):
        try:
            Scenario(seed).run()
        except BaseException as error:
            error.add_note(f"again: VIGIL_FIRST_SEED={seed} VIGIL_SEEDS=1 pytest tests/heart/simulation")
            raise
