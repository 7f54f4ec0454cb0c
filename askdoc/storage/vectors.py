"""The few numpy operations that a question needs, over plain lists where a collection is small.

Importing numpy costs a cold question 60 ms, a third of all; over :data:`SMALL` numbers or fewer a list comprehension is
as good. :class:`Vector` takes part in the same expressions as an array of numpy and gives the same numbers to the last
bit (both are IEEE doubles, and no sum of several is taken in another order). :func:`kit` tells which to make.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALL: Final = 512
"""The most passages of an index whose numbers are kept in lists: there, a question costs a millisecond more than with
numpy loaded, and much less than loading it."""


class Vector(list[Any]):
    """Numbers or truth values that can be computed with, element by element, as with an array of numpy."""

    __slots__ = ()
    __hash__ = None  # as with arrays: equality is element by element

    def _with(self, other: Any, operation: Callable[[Any, Any], Any]) -> Vector:
        if isinstance(other, int | float):
            return Vector([operation(one, other) for one in self])
        return Vector([operation(one, two) for one, two in zip(self, other, strict=True)])

    def __add__(self, other: Any) -> Vector:
        return self._with(other, operator.add)

    def __radd__(self, other: Any) -> Vector:
        return self._with(other, operator.add)

    def __iadd__(self, other: Any) -> Self:
        self[:] = self._with(other, operator.add)
        return self

    def __sub__(self, other: Any) -> Vector:
        return self._with(other, operator.sub)

    def __mul__(self, other: Any) -> Vector:
        return self._with(other, operator.mul)

    def __rmul__(self, other: Any) -> Vector:
        return self._with(other, operator.mul)

    def __truediv__(self, other: Any) -> Vector:
        return self._with(other, operator.truediv)

    def __gt__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._with(other, operator.gt)

    def __eq__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._with(other, operator.eq)

    def __ne__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._with(other, operator.ne)

    def __and__(self, other: Any) -> Vector:
        return self._with(other, operator.and_)

    def __or__(self, other: Any) -> Vector:
        return self._with(other, operator.or_)

    def __neg__(self) -> Vector:
        return Vector([-one for one in self])

    def __invert__(self) -> Vector:
        return Vector([not one for one in self])

    def __getitem__(self, at: Any) -> Any:
        """One element, or with a slice, a list of places or truth values for all, a vector of several."""
        if isinstance(at, list):
            if at and isinstance(at[0], bool):
                return Vector([one for one, wanted in zip(self, at, strict=True) if wanted])
            return Vector([list.__getitem__(self, each) for each in at])
        found = list.__getitem__(self, at)
        return Vector(found) if isinstance(at, slice) else found

    def __setitem__(self, at: Any, value: Any) -> None:
        if not isinstance(at, list):
            list.__setitem__(self, at, value)
        elif isinstance(value, list):
            for each, one in zip(at, value, strict=True):
                list.__setitem__(self, each, one)
        else:
            for each in at:
                list.__setitem__(self, each, value)

    def any(self) -> bool:
        """Whether any element is true."""
        return any(self)

    def sum(self) -> Any:
        """The sum of whole numbers or truth values; of other numbers numpy's may differ in the last digits."""
        return sum(self)

    def copy(self) -> Vector:
        """A vector of its own with the same elements."""
        return Vector(self)

    def tolist(self) -> list[Any]:
        """The elements as a list."""
        return list(self)


class Fixed(Vector):
    """A vector that several share: writing to it raises ValueError, as with numpy."""

    __slots__ = ()

    def __setitem__(self, at: Any, value: Any) -> None:
        message = "assignment destination is read-only"
        raise ValueError(message)


class Kit(Protocol):
    """What makes and compares vectors of one kind."""

    def zeros(self, size: int) -> NDArray[np.float64]:
        """All zero."""

    def truth(self, size: int, value: bool) -> NDArray[np.bool_]:
        """One truth value throughout."""

    def maximum(self, one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
        """The larger of each two elements."""

    def minimum(self, one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
        """The smaller of each two elements."""

    def ranked(
        self, score: NDArray[np.float64], held: Iterable[NDArray[np.bool_]], within: Collection[int] | None
    ) -> NDArray[np.int64]:
        """The places where any of ``held`` is true, those ``within`` if not all; best score first, ties ascending."""


class _Lists:
    """:class:`Kit` for small collections."""

    def zeros(self, size: int) -> Any:
        return Vector([0.0] * size)

    def truth(self, size: int, value: bool) -> Any:
        return Vector([value] * size)

    def maximum(self, one: Any, two: Any) -> Any:
        return Vector(map(max, one, two))

    def minimum(self, one: Any, two: Any) -> Any:
        return Vector(map(min, one, two))

    def ranked(self, score: Any, held: Iterable[Any], within: Collection[int] | None) -> Any:
        places = {at for each in held for at, holds in enumerate(each) if holds}
        if within is not None:
            places &= set(within)
        return Vector(sorted(places, key=lambda at: (-score[at], at)))


class _Arrays:
    """:class:`Kit` by numpy."""

    def zeros(self, size: int) -> NDArray[np.float64]:
        import numpy as np

        return np.zeros(size)

    def truth(self, size: int, value: bool) -> NDArray[np.bool_]:
        import numpy as np

        return np.full(size, value)

    def maximum(self, one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        return np.maximum(one, two)

    def minimum(self, one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        return np.minimum(one, two)

    def ranked(
        self, score: NDArray[np.float64], held: Iterable[NDArray[np.bool_]], within: Collection[int] | None
    ) -> NDArray[np.int64]:
        import numpy as np

        places = np.flatnonzero(np.logical_or.reduce([*held, np.zeros(len(score), dtype=np.bool_)]))
        if within is not None:
            places = places[np.isin(places, np.fromiter(within, dtype=np.int64, count=len(within)))]
        return places[np.lexsort((places, -score[places]))]


_LISTS: Final[Kit] = _Lists()
_ARRAYS: Final[Kit] = _Arrays()


def kit(example: object) -> Kit:
    """The kit of the kind that an index gives its numbers in; ``example`` is such a vector."""
    return _LISTS if isinstance(example, Vector) else _ARRAYS
