"""Dataclasses most of whose methods are made when they are first used: all at once, they cost every start 40 ms.

``dataclass``, ``field`` and ``replace`` are the standard library's to a reader and to the type checker. When running,
the class with its slots and its ``__init__`` is made at once, so that nothing is compiled while an index is open;
everything else that a dataclass has is taken from the standard library's own for the same fields at first use.
:mod:`dataclasses` itself, which imports :mod:`inspect`, is then loaded, and by most questions never. What askdoc does
not use of dataclasses is refused where the class is made.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace

__all__ = ["dataclass", "field", "names", "replace"]

_DEFAULTS = "_askdoc_defaults"
_STATE = ("__getstate__", "__setstate__")
_OF_TWIN = ("__repr__", "__eq__", "__hash__", "__dataclass_fields__", "__dataclass_params__")


def names(shape: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass of this module, in order."""
    found: tuple[str, ...] = shape.__match_args__  # type: ignore[attr-defined]
    return found


class _Factory:
    """A default that is made for each instance; shown in a signature as the standard library's is."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make

    def __repr__(self) -> str:
        return "<factory>"


class _Later:
    """An attribute of a class that takes its own place when it is first looked up."""

    __slots__ = ("_name", "_owner")

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._name = owner, name

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        found = _of_twin(self._owner, self._name)
        setattr(self._owner, self._name, found)
        bind = getattr(type(found), "__get__", None)
        return found if bind is None else bind(found, instance, owner)


def _initialiser(made: type) -> Any:
    """``__init__``, which sets each slot through its own descriptor: a frozen class refuses any other way."""
    defaults: Mapping[str, Any] = getattr(made, _DEFAULTS)
    space: dict[str, Any] = {}
    given, body = ["self"], ["  pass"]
    for each in names(made):
        space[f"_set_{each}"] = made.__dict__[each].__set__
        value = each
        if each in defaults:
            space[f"_default_{each}"] = defaults[each]
            given.append(f"{each}=_default_{each}")
            if isinstance(defaults[each], _Factory):
                value = f"_default_{each}.make() if {each} is _default_{each} else {each}"
        else:
            given.append(each)
        body.append(f"  _set_{each}(self, {value})")
    head = f"def make({', '.join(space)}):\n def __init__({', '.join(given)}):\n"
    home = sys.modules.get(made.__module__)
    local: dict[str, Any] = {}
    # In its module, where its annotations have their meaning.
    exec(head + "\n".join(body) + "\n return __init__", {} if home is None else vars(home), local)
    found = local["make"](**space)
    found.__qualname__ = f"{made.__qualname__}.__init__"
    found.__annotations__ = {**made.__annotations__, "return": None}
    return found


def _of_twin(made: type, name: str) -> Any:
    """What the standard library gives a class of the same fields: its methods ask ``self`` for the values."""
    import dataclasses

    defaults: Mapping[str, Any] = getattr(made, _DEFAULTS)
    space: dict[str, Any] = {
        each: dataclasses.field(default_factory=default.make) if isinstance(default, _Factory) else default
        for each, default in defaults.items()
    }
    space |= {each: getattr(made, each) for each in ("__module__", "__qualname__", "__doc__", "__annotations__")}
    frozen = "__setattr__" in made.__dict__
    twin: type = dataclasses.dataclass(frozen=frozen, slots=True)(type(made.__name__, (), space))
    return twin.__dict__[name]


def _refusing(fields: frozenset[str]) -> tuple[Callable[[type], None], dict[str, Any]]:
    """What sets and deletes attributes of a frozen class, in the standard library's words; first, how to name it."""
    made: Any = None

    def name_class(shape: type) -> None:
        nonlocal made
        made = shape

    def refuse(self: object, name: str, verb: str) -> None:
        if type(self) is made or name in fields:
            from dataclasses import FrozenInstanceError

            raise FrozenInstanceError(f"cannot {verb} field {name!r}")

    def setting(self: object, name: str, value: object) -> None:
        refuse(self, name, "assign to")
        super(made, self).__setattr__(name, value)

    def deleting(self: object, name: str) -> None:
        refuse(self, name, "delete")
        super(made, self).__delattr__(name)

    return name_class, {"__setattr__": setting, "__delattr__": deleting}


def _shape(cls: type, frozen: bool) -> type:
    fields: Mapping[str, str] = cls.__annotations__
    space = dict(cls.__dict__)
    odd = [
        each for each, kind in fields.items() if not isinstance(kind, str) or "ClassVar" in kind or "InitVar" in kind
    ]
    if odd or cls.__bases__ != (object,) or not space.keys().isdisjoint(("__init__", "__post_init__")):
        message = f"{cls.__qualname__} asks more of a dataclass than askdoc.shapes gives"
        raise TypeError(message)
    space[_DEFAULTS] = {each: space.pop(each) for each in fields if each in space}
    for each in ("__dict__", "__weakref__"):
        space.pop(each, None)
    later = _OF_TWIN if sys.version_info < (3, 13) else (*_OF_TWIN, "__replace__")
    for each in (*later, *_STATE) if frozen else later:
        if each not in space:
            space[each] = _Later()
    if not frozen:
        space["__hash__"] = None
    space["__slots__"] = space["__match_args__"] = tuple(fields)
    space["__qualname__"] = cls.__qualname__
    name_class, refusing = _refusing(frozenset(fields)) if frozen else (None, {})
    made = type(cls)(cls.__name__, cls.__bases__, space | refusing)
    if name_class is not None:
        name_class(made)
    made.__init__ = _initialiser(made)  # type: ignore[misc]
    return made


if not TYPE_CHECKING:

    def dataclass(*, frozen: bool = False, slots: bool) -> Callable[[type], type]:
        """A dataclass with slots, as :func:`dataclasses.dataclass` makes it."""
        if not slots:
            raise TypeError("a dataclass of askdoc.shapes has slots")
        return lambda cls: _shape(cls, frozen)

    def field(*, default_factory: Callable[[], Any]) -> Any:
        """A field whose default is made for each instance."""
        return _Factory(default_factory)

    def replace(value: Any, /, **changes: Any) -> Any:
        """A value with some of its fields changed."""
        for name in value.__match_args__:
            if name not in changes:
                changes[name] = getattr(value, name)
        return value.__class__(**changes)
