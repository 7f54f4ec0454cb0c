"""Our dataclasses are the standard library's by every door, but for when their methods are made."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import subprocess
import sys
import typing
from collections.abc import Mapping
from typing import Any

import pytest

from askdoc import model, shapes


@shapes.dataclass(frozen=True, slots=True)
class Pair:
    """Two and what is said of them."""

    first: int
    second: str = "two"
    said: Mapping[str, object] = shapes.field(default_factory=dict)

    @property
    def both(self) -> str:
        return f"{self.first} {self.second}"


OURS = Pair


@dataclasses.dataclass(frozen=True, slots=True)
class Pair:  # type: ignore[no-redef]
    """Two and what is said of them."""

    first: int
    second: str = "two"
    said: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def both(self) -> str:
        return f"{self.first} {self.second}"


THEIRS = Pair
BOTH = pytest.mark.parametrize("pair", [OURS, THEIRS], ids=["ours", "theirs"])


@shapes.dataclass(frozen=True, slots=True)
class Kept:
    """A class that a pickle may name."""

    value: tuple[int, ...]


@shapes.dataclass(slots=True)
class Open:
    """One whose fields may be set."""

    value: list[int] = shapes.field(default_factory=list)


@BOTH
def test_a_class_has_the_members_and_parameters_of_a_dataclass(pair: type[Any]) -> None:
    assert pair.__slots__ == pair.__match_args__ == ("first", "second", "said")
    assert (
        str(inspect.signature(pair))
        == "(first: 'int', second: 'str' = 'two', said: 'Mapping[str, object]' = <factory>) -> None"
    )
    assert dataclasses.is_dataclass(pair)
    assert [(each.name, each.type, each.init) for each in dataclasses.fields(pair)] == [
        ("first", "int", True),
        ("second", "str", True),
        ("said", "Mapping[str, object]", True),
    ]
    assert pair.__dataclass_params__.frozen
    assert typing.get_type_hints(pair) == {"first": int, "second": str, "said": Mapping[str, object]}
    assert typing.get_type_hints(pair.__init__)["return"] is type(None)
    assert pair.__init__.__qualname__ == "Pair.__init__" and pair.__doc__ == "Two and what is said of them."


def test_no_member_of_the_standard_library_s_class_is_missing() -> None:
    theirs, ours = (set(vars(each)) for each in (THEIRS, OURS))
    assert theirs - ours == set()
    assert ours - theirs <= {shapes._DEFAULTS}


@BOTH
def test_an_instance_prints_compares_and_hashes_by_its_fields(pair: type[Any]) -> None:
    one = pair(1)
    assert repr(one) == "Pair(first=1, second='two', said={})"
    assert one == pair(1, "two") != pair(2) and one != (1, "two", {}) and one.both == "1 two"
    assert hash(pair(1, said=())) == hash((1, "two", ()))
    assert one.said is not pair(1).said, "a factory's default is made for each"
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)


@BOTH
def test_a_frozen_instance_refuses_in_the_same_words(pair: type[Any]) -> None:
    one = pair(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match=r"^cannot assign to field 'first'$"):
        one.first = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match=r"^cannot delete field 'second'$"):
        del one.second
    if pair is OURS:  # the standard library's, with slots, fails here in words of Python's insides
        with pytest.raises(dataclasses.FrozenInstanceError, match=r"^cannot assign to field 'third'$"):
            one.third = 3
    with pytest.raises(TypeError, match=r"^Pair.__init__\(\) missing 1 required positional argument: 'first'$"):
        pair()
    with pytest.raises(TypeError, match=r"^Pair.__init__\(\) got an unexpected keyword argument 'third'$"):
        pair(1, third=3)


@BOTH
def test_the_standard_library_s_functions_take_an_instance(pair: type[Any]) -> None:
    one = pair(1, said={"a": [1]})
    assert dataclasses.asdict(one) == {"first": 1, "second": "two", "said": {"a": [1]}}
    assert dataclasses.astuple(one) == (1, "two", {"a": [1]})
    assert dataclasses.replace(one, first=2) == shapes.replace(one, first=2) == pair(2, said={"a": [1]})
    assert copy.copy(one) == copy.deepcopy(one) == one and copy.deepcopy(one).said is not one.said
    if sys.version_info >= (3, 13):
        assert copy.replace(one, second="2") == pair(1, "2", {"a": [1]})
    match one:
        case pair(first, second=second):
            assert (first, second) == (1, "two")


@BOTH
def test_a_subclass_works(pair: type[Any]) -> None:
    @dataclasses.dataclass(frozen=True)
    class Three(pair):  # type: ignore[misc]
        third: int = 3

    class Plain(pair):  # type: ignore[misc]
        def __init__(self, first: int) -> None:
            super().__init__(first + 1)

    assert [each.name for each in dataclasses.fields(Three)] == ["first", "second", "said", "third"]
    assert Three(1, "2", {}, 4).third == 4 and "third=3" in repr(Three(1))
    plain = Plain(1)
    if pair is OURS:  # the same failing
        plain.more = "a subclass that is no dataclass takes attributes of its own"
    assert plain.first == 2 and Plain(1).second == "two"
    with pytest.raises(dataclasses.FrozenInstanceError):
        plain.first = 3


def test_an_instance_is_pickled() -> None:
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(Kept((1, 2)), protocol)) == Kept((1, 2))


def test_one_that_is_not_frozen_takes_values_and_has_no_hash() -> None:
    one = Open()
    one.value = [1]
    assert one == Open([1]) and repr(one) == "Open(value=[1])" and Open().value == []
    assert Open.__hash__ is None
    del one.value


def test_what_is_not_offered_is_refused_where_the_class_is_made() -> None:
    def shaped(**members: Any) -> type:
        return shapes.dataclass(frozen=True, slots=True)(type("Odd", (), members))

    with pytest.raises(TypeError, match="Odd asks more"):
        shaped(__annotations__={"kept": "ClassVar[int]"})
    with pytest.raises(TypeError, match="Odd asks more"):
        shaped(__annotations__={"value": "int"}, __post_init__=lambda self: None)
    with pytest.raises(TypeError, match="Odd asks more"):
        shapes.dataclass(frozen=True, slots=True)(type("Odd", (Open,), {"__annotations__": {"more": "int"}}))
    with pytest.raises(TypeError):
        shapes.field(default_factory=list, compare=False)
    with pytest.raises(TypeError, match="slots"):
        shapes.dataclass(frozen=True, slots=False)


def test_every_class_of_the_model_is_the_standard_library_s_with_its_fields() -> None:
    found = [each for each in vars(model).values() if isinstance(each, type) and each.__module__ == model.__name__]
    assert len(found) > 15
    for each in found:
        fields = dataclasses.fields(each)
        assert tuple(field.name for field in fields) == shapes.names(each) == each.__slots__
        assert [field.name for field in fields] == list(inspect.signature(each).parameters)


def test_making_and_changing_an_instance_does_not_load_the_standard_library_s_dataclasses() -> None:
    program = (
        "import sys\nfrom askdoc.model import Place\nfrom askdoc.shapes import replace\n"
        "assert replace(Place('a', (1, 2), None, (0, 9)), page=3).page == 3\n"
        "assert 'dataclasses' not in sys.modules and 'inspect' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
