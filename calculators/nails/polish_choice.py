"""The coats of the look that a node paints nails with."""

from calculators.color.look import check_values
from calculators.color.look_nails import nail_effects
from calculators.color.look_pb2 import Look
from calculators.nails.polish_coat import Coat, finger_coats


class CoatChoice:
    """Coats that are made anew when another look comes.

    Attributes:
        coats: what to paint, by the nail's finger.
    """

    def __init__(self) -> None:
        self.coats: dict[int | None, Coat] = {}
        self._chosen = b""

    def choose(self, look: Look) -> None:
        """Takes another look; nothing changes where it is the one chosen last.

        Raises:
            GraphError: a value of it is out of its range.
        """
        chosen = look.SerializeToString(deterministic=True)
        if chosen != self._chosen:  # Coats take longer than a frame, and a stream may repeat its look.
            check_values(look)
            self.coats, self._chosen = finger_coats(nail_effects(look)), chosen
