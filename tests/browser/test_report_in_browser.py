import json
from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser.conftest import ATTACK, ROOT

CHARTS = ("ranges", "pay", "shared", "origins-chart")


def open_report(visit, out: Path, place: str = "", **options):
    page = visit(**options).open(out / "report.html", place)
    page.wait_for_selector("html[data-ready]")
    return page


def rows(page) -> list[str]:
    return page.locator("#roles-table tbody tr th a").all_inner_texts()


def search(page, words: str, expected: str) -> None:
    page.fill("#search", words)
    page.wait_for_function("text => document.getElementById('found').textContent === text", arg=expected)


# --- the report -----------------------------------------------------------------------------------------------------


def test_the_report_of_the_seeds_opens_and_its_charts_draw(visit, seeds):
    page = open_report(visit, seeds)
    assert page.title() == "rolepages: report of a run"
    assert len(rows(page)) == 9
    for chart in CHARTS:
        figure = page.locator(f"#{chart}")
        assert figure.locator("svg[aria-label]").count() >= 1
        drawn = figure.screenshot()
        figure.evaluate("node => node.style.opacity = 0")
        assert figure.screenshot() != drawn, f"{chart} is blank"


def test_charts_show_what_the_table_shows(visit, seeds):
    page = open_report(visit, seeds)
    statistics = json.loads((seeds / "statistics.json").read_text())
    salaries = next(row["roles"] for row in statistics["fill"] if row["metric"] == "salary_yearly")
    assert page.locator("#ranges circle").count() == salaries
    assert page.locator("#pay circle").count() == 4
    titles = page.locator("#ranges circle title").all_text_contents()
    assert "Collector\nlow $27,000\naverage $34,872\nhigh $44,000" in titles


def test_search_and_filters_work_on_table_and_charts(visit, seeds):
    page = open_report(visit, seeds)
    search(page, "SENIOR spec", "1 role of 9")
    assert rows(page) == ["Senior Accounts Receivable Specialist"]
    assert page.locator("#ranges circle").count() == 1
    search(page, "nothing like this", "0 roles of 9")
    assert "None of these roles has a salary." in page.inner_text("#ranges")
    search(page, "", "9 roles")
    page.select_option("#category", "office and administrative")
    assert page.inner_text("#found") == "4 roles of 9"
    page.select_option("#category", "")
    page.check("#look")
    assert page.inner_text("#found") == "4 roles of 9"
    assert all("flagged" in text for text in page.locator("#roles-table tbody tr td:last-child").all_inner_texts())


def test_columns_sort_both_ways_with_empty_cells_last(visit, seeds):
    page = open_report(visit, seeds)
    header = page.get_by_role("button", name="salary", exact=True)
    header.click()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    cells = page.locator("#roles-table tbody tr td:nth-child(2)").all_inner_texts()
    numbers = [int(cell.replace("$", "").replace(",", "")) for cell in cells if cell != "–"]
    assert numbers == sorted(numbers, reverse=True)
    assert cells[len(numbers) :] == ["–"] * (9 - len(numbers))
    page.get_by_role("button", name="salary").click()
    up = page.locator("#roles-table tbody tr td:nth-child(2)").all_inner_texts()
    assert [cell for cell in up if cell != "–"] == [cell for cell in cells if cell != "–"][::-1]
    assert up[-1] == "–"


def test_a_click_leads_from_every_salary_to_its_characters(visit, seeds):
    page = open_report(visit, seeds)
    links = page.locator("#roles-table tbody tr td:nth-child(2) a")
    assert links.count() == 7
    for place in range(links.count()):
        said = links.nth(place).inner_text()
        links.nth(place).click()
        page.wait_for_selector("mark.selected")
        assert page.locator("mark.selected").first.is_visible()
        detail = page.inner_text("#selected")
        shown = page.locator("mark.selected").all_inner_texts()
        assert said in shown or f"salary yearly {said}" in detail.split("From this was derived: ")[1], (said, shown)
        page.go_back()
        page.wait_for_selector("html[data-ready]")


def test_a_role_opens_by_keyboard_shows_all_its_values_and_closes_again(visit, seeds):
    page = open_report(visit, seeds)
    page.get_by_role("link", name="Collector", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    table = page.locator("dialog table tbody tr")
    values = json.loads(page.locator("#data-explorer").text_content())["values"]
    number = json.loads(page.locator("#data-explorer").text_content())["roles"]["id"].index("collector")
    assert table.count() == values["role"].count(number)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="hidden")
    page.wait_for_url(lambda url: "#role" not in url)
    page.locator("#ranges a:has(circle)").first.click()
    page.wait_for_selector("dialog[open]")
    page.locator("dialog").get_by_role("link", name="$37,938").click()
    page.wait_for_selector("mark.selected")


def test_a_role_has_an_address(visit, seeds):
    page = open_report(visit, seeds, "#role=payment-processor")
    assert "Payment Processor" in page.locator("dialog[open] h2").inner_text()


def test_an_unparsed_line_is_one_click_away(visit, seeds):
    page = open_report(visit, seeds)
    link = page.locator("#unparsed tbody a").first
    said = link.inner_text()
    link.click()
    page.wait_for_selector("mark.unparsed.selected")
    assert page.locator("mark.unparsed.selected").inner_text().startswith(said.rstrip("…"))
    assert "unparsed: a skill's sample sentence" in page.inner_text("#selected")


_BOXES = (
    "all => all.map(node => [node.textContent, node.getBoundingClientRect().left, node.getBoundingClientRect().right])"
)


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_off_at_any_width_in_light_and_dark(visit, seeds, width, scheme):
    page = open_report(visit, seeds, viewport={"width": width, "height": 900}, color_scheme=scheme)
    for name in ("report", "evidence"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, background[4:-1].split(","))) > 380) is (scheme == "light")
        boxes = page.eval_on_selector_all("svg text", _BOXES)
        assert [said for said, left, right in boxes if left < -1 or right > width + 1] == []
        if name == "report":
            page.goto((seeds / "evidence.html").as_uri())
            page.wait_for_selector(".line")


def test_on_paper_there_are_no_controls(visit, seeds):
    page = open_report(visit, seeds)
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible()
    assert page.locator("#ranges svg").is_visible()


def test_everything_that_can_be_used_has_a_name(visit, seeds):
    for page in (open_report(visit, seeds), visit().open(seeds / "evidence.html")):
        tree = page.locator("body").aria_snapshot()
        for kind in ("button", "link", "searchbox", "combobox", "checkbox", "img", "figure"):
            assert f"- {kind}\n" not in tree
            assert f"- {kind}:\n" not in tree or kind == "figure"
        levels = [
            int(tag[1]) for tag in page.eval_on_selector_all("h1, h2, h3", "all => all.map(node => node.tagName)")
        ]
        assert levels[0] == levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


# --- the evidence ---------------------------------------------------------------------------------------------------


def test_every_span_of_the_seeds_is_marked_with_exactly_its_characters(visit, seeds):
    page = visit().open(seeds / "evidence.html")
    page.wait_for_selector(".line")
    block = json.loads(page.locator("#data-documents").text_content())
    for document in block["documents"]:
        page.goto(f"{(seeds / 'evidence.html').as_uri()}#{document['id']}")
        page.wait_for_function("source => document.title.includes(source)", arg=document["source"])
        text = (ROOT / "raw" / document["source"]).read_text("utf-8")
        lines = page.eval_on_selector_all(".line .words", "all => all.map(node => node.textContent)")
        assert "\n".join(lines) == text
        pieces = page.evaluate(
            "[...marks].map(([number, all]) => [number, all.map(node => node.textContent).join('')])"
        )
        assert len(pieces) == len(document["facts"])
        for number, said in pieces:
            fact = document["facts"][number]
            places = {*range(fact[1], fact[2]), *range(fact[14] or 0, fact[15] or 0)}
            assert said == "".join(text[place] for place in sorted(places)).replace("\n", "")


def test_a_choice_by_keyboard_tells_the_fact(visit, seeds):
    page = visit().open(seeds / "evidence.html")
    page.locator("mark.metrics").first.focus()
    page.keyboard.press("Enter")
    assert "metrics" in page.inner_text("#selected")
    page.locator("#facts button").last.click()
    assert page.locator("mark.selected").first.is_visible()


def test_a_document_that_is_not_there_says_how_to_see_it(visit, seeds):
    page = visit().open(seeds / "evidence.html", f"#{'0' * 32}")
    assert f"rolepages show {'0' * 32}" in page.inner_text("#text")


# --- safety ---------------------------------------------------------------------------------------------------------


def test_a_hostile_run_is_shown_and_runs_nothing(visit, hostile):
    page = open_report(visit, hostile)
    for details in page.locator("details").all():
        details.evaluate("node => node.open = true")
    assert_inert(page)
    shown = ATTACK.replace("\u202e", "U+202E")
    for place in ("#open", "#unparsed", "#checks", "#quarantine", "#roles-table"):
        assert ATTACK[:-1] in page.locator(place).text_content()
        assert "U+202E" in page.locator(place).text_content(), place
    search(page, "onerror", "2 roles")
    page.locator("#roles-table tbody a").first.click()
    page.wait_for_selector("dialog[open]")
    assert shown in page.locator("dialog").text_content()
    assert_inert(page)


def test_hostile_evidence_is_marked_at_the_right_characters(visit, hostile):
    page = open_report(visit, hostile)
    page.locator("#roles-table").get_by_role("link", name="$54,494").click()
    page.wait_for_selector("mark.selected")
    assert page.locator("mark.selected").all_inner_texts() == ["$54,494"]
    assert page.locator("mark.ambiguous").all_inner_texts()[0] == "12"
    assert page.locator("#text .unseen").first.inner_text() == "U+202E"
    assert "javascript:window.ran=1" in page.inner_text("#about")
    assert page.locator("#about a").count() == 0
    page.locator("mark.ambiguous").first.click()
    assert ATTACK[:-1] in page.locator("#selected").text_content()
    assert_inert(page)


def assert_inert(page) -> None:
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None
    assert page.locator("img, svg[onload], script:not([type]) ~ img").count() == 0
    assert "\u202e" not in page.evaluate("document.body.innerText")


def test_the_policy_holds_against_a_script_that_slips_in(chromium, seeds):
    page = chromium.new_page()
    page.goto((seeds / "report.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    result = page.evaluate(
        """async () => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 1";
            document.body.append(script);
            const image = new Image();
            const loaded = new Promise((done) => { image.onload = () => done("loaded"); image.onerror = () => done("refused"); });
            image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
            let fetched = "fetched";
            try { await fetch("data:text/plain,x"); } catch { fetched = "refused"; }
            let evaluated = "evaluated";
            try { window.eval("1"); } catch { evaluated = "refused"; }
            return [window.ran ?? null, await loaded, fetched, evaluated];
        }"""
    )
    page.close()
    assert result[:3] == [None, "refused", "refused"]
