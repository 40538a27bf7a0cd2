"""What stands around the content of a page: menus, the cookie notice, related jobs, the footer. Made up; none of it is a fact."""

from __future__ import annotations

from benchmarks.pagegen.names import title_case
from benchmarks.pagegen.page import Page

COOKIES = "We use cookies and similar tools to run this site, to measure visits and to show ads. You can accept all or choose."
BUTTONS = ("Accept all", "Settings")
MENU = tuple(
    f"{verb} {word}"
    for verb in ("Browse", "Find", "Compare", "Salary", "Resume")
    for word in ("Alpha", "Bravo", "Cargo", "Delta", "Early", "Field", "Grant", "Hotel")
)
CRUMBS = ("Home", "Careers", "Roles")
FOOTER = "© 2025 Example Careers. All rights reserved. Privacy. Terms."


def document_title(page: Page) -> str:
    """The text of `<title>`."""
    named = [block.text for block in page.blocks if block.kind == "title"]
    return f"{(named or ['Careers'])[0]} - Example Careers"


def related(page: Page) -> tuple[str, ...]:
    """Links below the content; one of them leads to the page's own role, and a "Collector Jobs" link states nothing."""
    others = ("line cook", "warehouse lead", "claims examiner", "office manager", "social worker", "dental assistant")
    return tuple(f"{title_case(name)} Jobs" for name in (*others[:3], page.roles[0].name.singular, *others[3:]))


def before(page: Page) -> tuple[str, ...]:
    """The pieces of text above the content, in order."""
    return (document_title(page), COOKIES, *BUTTONS, *MENU, *CRUMBS)


def after(page: Page) -> tuple[str, ...]:
    """The pieces of text below the content."""
    return ("Related jobs", *related(page), FOOTER)
