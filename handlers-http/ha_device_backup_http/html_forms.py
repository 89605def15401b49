"""The forms of a web page with all that a browser would send of them; pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

LONGEST_PAGE = 512 * 1024
"""Bytes of a page in which forms are looked for."""
LONGEST_REST = 16 * 1024
"""Characters after a tag that does not end; of more, older versions of Python make work that grows with the square."""
_LINE_BREAK = re.compile(r"\r\n?|\n")
_BUTTONS = frozenset({"submit", "image"})
_NEVER_SENT = frozenset({"button", "reset"})
_ONLY_IF_CHECKED = frozenset({"checkbox", "radio"})
_TYPES = frozenset(
    {
        *("hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time", "number"),
        *("datetime-local", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button"),
    }
)
_INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_REFRESH = re.compile(r"\s*+[\d.]*+\s*+[;,]?\s*+(?:url\s*+=\s*+)?(?:\"([^\"]*)\"?|'([^']*)'?|(\S.*))", re.IGNORECASE)


@dataclass(slots=True)
class Option:
    """One choice of a list."""

    value: str | None
    selected: bool
    disabled: bool
    label: str = ""

    @property
    def sent(self) -> str:
        """What is sent where it is chosen."""
        return " ".join(self.label.split()) if self.value is None else self.value


@dataclass(slots=True)
class Control:
    """One thing in a form."""

    kind: str
    """The type of an input, or `select`, `multiple` (a list), `textarea`."""
    attributes: dict[str, str] = field(repr=False)
    disabled: bool = False
    value: str = field(default="", repr=False)
    options: list[Option] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name; empty for what is not sent."""
        return self.attributes.get("name", "")

    @property
    def is_seen(self) -> bool:
        """Whether a person sees it; what is not seen is filled in only by machines."""
        attributes = self.attributes
        return not (
            self.kind == "hidden"
            or "hidden" in attributes
            or attributes.get("aria-hidden", "").lower() == "true"
            or _INVISIBLE.search(attributes.get("style", ""))
        )

    def sent(self) -> Iterator[str]:
        """Return what a browser would send if nobody touched more of it than has to be."""
        if self.kind in {"select", "multiple"}:
            yield from self._chosen()
        elif self.kind in _ONLY_IF_CHECKED:
            is_ticked = "required" in self.attributes and self.kind == "checkbox"
            if "checked" in self.attributes or is_ticked:
                yield self.attributes.get("value", "on")
        elif self.kind not in _BUTTONS | _NEVER_SENT:
            yield _LINE_BREAK.sub("\r\n", self.value)

    def _chosen(self) -> Iterator[str]:
        chosen = [option for option in self.options if option.selected]
        if self.kind == "select":
            # Of several the last one counts; without any the first that can be chosen is shown.
            usable = [option for option in self.options if not option.disabled]
            chosen = chosen[-1:] or usable[:1]
            if "required" in self.attributes and not any(option.sent for option in chosen):
                chosen = [option for option in usable if option.sent][:1] or chosen
        yield from (option.sent for option in chosen if not option.disabled)


@dataclass(slots=True)
class HtmlForm:
    """One form; what is outside of any belongs to one without attributes."""

    attributes: dict[str, str] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)

    @property
    def button(self) -> Control | None:
        """What the enter key presses."""
        return next((control for control in self.controls if control.kind in _BUTTONS and not control.disabled), None)

    def usable(self) -> Iterator[Control]:
        """Return what may be sent: what is enabled, and of the buttons the one that is pressed."""
        pressed = self.button
        for control in self.controls:
            if not control.disabled and (control.kind not in _BUTTONS or control is pressed):
                yield control


@dataclass(frozen=True, slots=True)
class Page:
    """The forms of a page, and the address that others in it are relative to."""

    forms: Sequence[HtmlForm]
    base: str = ""
    charset: str = ""
    refresh: str = ""
    """The address that the page leads to by itself."""


def read_page(text: str) -> Page:
    """Return the forms of a page as browsers see them, however badly it is written."""
    reader = _FormReader()
    reader.feed(text)
    if len(reader.rawdata) <= LONGEST_REST:
        reader.close()
    reader.assign()
    return Page([*reader.forms[1:], reader.forms[0]], reader.base, reader.charset, reader.refresh)


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms = [HtmlForm()]
        self.base = self.charset = self.refresh = ""
        self._form = self.forms[0]
        self._elsewhere: list[tuple[str, Control]] = []
        self._disabled_fieldsets: list[bool] = []
        self._list: Control | None = None
        self._option: Option | None = None
        self._textarea: Control | None = None
        self._group_disabled = False
        self._templates = 0

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 # as in the standard library
        """Read it as browsers do, as a comment; Python up to 3.13.0 ends with an error where it knows none."""
        return self.parse_bogus_comment(i, report)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The first of two attributes of one name counts.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag == "template" or self._templates:
            self._templates += tag == "template"
            return
        match tag:
            case "base":
                self.base = self.base or attributes.get("href", "").strip()
            case "meta":
                self.charset = self.charset or _charset(attributes)
                self.refresh = self.refresh or _refresh(attributes)
            case "form" if self._form is self.forms[0]:
                self._form = HtmlForm(attributes)
                self.forms.append(self._form)
            case "fieldset":
                self._disabled_fieldsets.append("disabled" in attributes)
            case _:
                self._start_control(tag, attributes)

    def _start_control(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "input":
                kind = attributes.get("type", "").strip().lower()
                if kind == "submit":
                    # What stands on it in English browsers: they send it, too.
                    attributes.setdefault("value", "Submit")
                self._add(kind if kind in _TYPES else "text", attributes)
            case "button":
                self._add(attributes.get("type", "").strip().lower() or "submit", attributes)
            case "select":
                self._list = self._add("multiple" if "multiple" in attributes else "select", attributes)
            case "optgroup":
                self._option, self._group_disabled = None, "disabled" in attributes
            case "option" if self._list is not None:
                disabled = "disabled" in attributes or self._group_disabled
                self._option = Option(attributes.get("value"), "selected" in attributes, disabled)
                self._list.options.append(self._option)
            case "textarea":
                self._textarea = self._add("textarea", attributes)
                self._textarea.value = ""

    def handle_endtag(self, tag: str) -> None:
        if self._templates:
            self._templates -= tag == "template"
            return
        match tag:
            case "form":
                self._form = self.forms[0]
            case "fieldset" if self._disabled_fieldsets:
                self._disabled_fieldsets.pop()
            case "select":
                self._list = self._option = None
                self._group_disabled = False
            case "optgroup":
                self._group_disabled = False
            case "option":
                self._option = None
            case "textarea":
                self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._option is not None:
            self._option.label += data
        elif self._textarea is not None:
            # The line break right after the tag is no part of it.
            before = self._textarea.value
            self._textarea.value += data if before else data.removeprefix("\r").removeprefix("\n")

    def assign(self) -> None:
        """Put what names its form into that form."""
        named = {form.attributes["id"]: form for form in reversed(self.forms) if "id" in form.attributes}
        for name, control in self._elsewhere:
            named.get(name, self.forms[0]).controls.append(control)

    def _add(self, kind: str, attributes: dict[str, str]) -> Control:
        disabled = "disabled" in attributes or any(self._disabled_fieldsets)
        control = Control(kind, attributes, disabled, attributes.get("value", ""))
        if "form" in attributes:
            self._elsewhere.append((attributes["form"], control))
        else:
            self._form.controls.append(control)
        return control


def _charset(attributes: dict[str, str]) -> str:
    if attributes.get("http-equiv", "").lower() == "content-type":
        return attributes.get("content", "").lower().partition("charset=")[2].strip("\"' ;")
    return attributes.get("charset", "").strip()


def _refresh(attributes: dict[str, str]) -> str:
    if attributes.get("http-equiv", "").strip().lower() != "refresh":
        return ""
    found = _REFRESH.match(attributes.get("content", ""))
    return next((part.strip() for part in (found.groups() if found else ()) if part), "")
