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

    def _combine(self, other: Any, operation: Callable[[Any, Any], Any]) -> Vector:
        if isinstance(other, int | float):
            return Vector([operation(element, other) for element in self])
        return Vector([operation(left, right) for left, right in zip(self, other, strict=True)])

    def __add__(self, other: Any) -> Vector:
        return self._combine(other, operator.add)

    def __radd__(self, other: Any) -> Vector:
        return self._combine(other, operator.add)

    def __iadd__(self, other: Any) -> Self:
        self[:] = self._combine(other, operator.add)
        return self

    def __sub__(self, other: Any) -> Vector:
        return self._combine(other, operator.sub)

    def __mul__(self, other: Any) -> Vector:
        return self._combine(other, operator.mul)

    def __rmul__(self, other: Any) -> Vector:
        return self._combine(other, operator.mul)

    def __truediv__(self, other: Any) -> Vector:
        return self._combine(other, operator.truediv)

    def __gt__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._combine(other, operator.gt)

    def __eq__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._combine(other, operator.eq)

    def __ne__(self, other: Any) -> Vector:  # type: ignore[override]
        return self._combine(other, operator.ne)

    def __and__(self, other: Any) -> Vector:
        return self._combine(other, operator.and_)

    def __or__(self, other: Any) -> Vector:
        return self._combine(other, operator.or_)

    def __neg__(self) -> Vector:
        return Vector([-element for element in self])

    def __invert__(self) -> Vector:
        return Vector([not element for element in self])

    def __getitem__(self, index: Any) -> Any:
        """Return one element; for a slice, a list of positions or of truth values, a vector of several."""
        if isinstance(index, list):
            if index and isinstance(index[0], bool):
                return Vector([element for element, selected in zip(self, index, strict=True) if selected])
            return Vector([list.__getitem__(self, position) for position in index])
        element = list.__getitem__(self, index)
        return Vector(element) if isinstance(index, slice) else element

    def __setitem__(self, index: Any, value: Any) -> None:
        if not isinstance(index, list):
            list.__setitem__(self, index, value)
        elif isinstance(value, list):
            for position, element in zip(index, value, strict=True):
                list.__setitem__(self, position, element)
        else:
            for position in index:
                list.__setitem__(self, position, value)

    def any(self) -> bool:
        """Tell whether any element is true."""
        return any(self)

    def sum(self) -> Any:
        """Return the sum of integers or truth values; for other numbers numpy's may differ in the last digits."""
        return sum(self)

    def copy(self) -> Vector:
        """Return a vector of its own with the same elements."""
        return Vector(self)

    def tolist(self) -> list[Any]:
        """Return the elements as a list."""
        return list(self)


class Fixed(Vector):
    """A vector that several share: writing to it raises ValueError, as with numpy."""

    __slots__ = ()

    def __setitem__(self, index: Any, value: Any) -> None:
        message = "assignment destination is read-only"
        raise ValueError(message)


class Kit(Protocol):
    """What makes and compares vectors of one kind."""

    def zeros(self, size: int) -> NDArray[np.float64]:
        """Return a vector of zeros."""

    def truth(self, size: int, value: bool) -> NDArray[np.bool_]:
        """Return a vector of one truth value."""

    def maximum(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the element-wise maximum."""

    def minimum(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the element-wise minimum."""

    def ranked(
        self, score: NDArray[np.float64], matches: Iterable[NDArray[np.bool_]], within: Collection[int] | None
    ) -> NDArray[np.int64]:
        """Return where any of ``matches`` is true, in ``within`` if given; best score first, ties ascending."""


class _Lists:
    """:class:`Kit` for small collections."""

    def zeros(self, size: int) -> Any:
        return Vector([0.0] * size)

    def truth(self, size: int, value: bool) -> Any:
        return Vector([value] * size)

    def maximum(self, left: Any, right: Any) -> Any:
        return Vector(map(max, left, right))

    def minimum(self, left: Any, right: Any) -> Any:
        return Vector(map(min, left, right))

    def ranked(self, score: Any, matches: Iterable[Any], within: Collection[int] | None) -> Any:
        places = {position for flags in matches for position, matched in enumerate(flags) if matched}
        if within is not None:
            places &= set(within)
        return Vector(sorted(places, key=lambda position: (-score[position], position)))


class _Arrays:
    """:class:`Kit` by numpy."""

    def zeros(self, size: int) -> NDArray[np.float64]:
        import numpy as np

        return np.zeros(size)

    def truth(self, size: int, value: bool) -> NDArray[np.bool_]:
        import numpy as np

        return np.full(size, value)

    def maximum(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        return np.maximum(left, right)

    def minimum(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
        import numpy as np

        return np.minimum(left, right)

    def ranked(
        self, score: NDArray[np.float64], matches: Iterable[NDArray[np.bool_]], within: Collection[int] | None
    ) -> NDArray[np.int64]:
        import numpy as np

        places = np.flatnonzero(np.logical_or.reduce([*matches, np.zeros(len(score), dtype=np.bool_)]))
        if within is not None:
            places = places[np.isin(places, np.fromiter(within, dtype=np.int64, count=len(within)))]
        return places[np.lexsort((places, -score[places]))]


_LISTS: Final[Kit] = _Lists()
_ARRAYS: Final[Kit] = _Arrays()


def kit(example: object) -> Kit:
    """Return the kit for the kind of vectors that an index gives; ``example`` is one of them."""
    return _LISTS if isinstance(example, Vector) else _ARRAYS
