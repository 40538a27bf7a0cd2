"""Realistic career pages with known truth: for property tests, resolver tests, extractor tests and benchmarks.

    world = World(seed=1, size=10)
    page = comparison_page(*world.roles[:2])
    text = FORMS["bulleted"].render(page)
    answers = expected(page, FORMS["bulleted"])

Seeded: the same arguments give the same pages everywhere. The truth never comes from the product under test.
"""

from benchmarks.pagegen import seeds, wordings, words
from benchmarks.pagegen.check import left_over, mismatches
from benchmarks.pagegen.comparison import Options, comparison_page
from benchmarks.pagegen.dump import Dump, DumpPage, OpenRow, make_dump, open_rows, visible_roles
from benchmarks.pagegen.expected import Expected, OpenCells, expected
from benchmarks.pagegen.facts import Stated
from benchmarks.pagegen.forms import FORMS, Form
from benchmarks.pagegen.markup import csv_tables, html, tei
from benchmarks.pagegen.more_forms import MORE_FORMS
from benchmarks.pagegen.names import RoleName
from benchmarks.pagegen.page import Block, Item, Page
from benchmarks.pagegen.profile import ProfileOptions, profile_page
from benchmarks.pagegen.truth import Firm, RoleTruth, Skill, SoftSkill, Term
from benchmarks.pagegen.world import World, aged, random_role

__all__ = [
    "FORMS",
    "MORE_FORMS",
    "Block",
    "Dump",
    "DumpPage",
    "Expected",
    "Firm",
    "Form",
    "Item",
    "OpenCells",
    "OpenRow",
    "Options",
    "Page",
    "ProfileOptions",
    "RoleName",
    "RoleTruth",
    "Skill",
    "SoftSkill",
    "Stated",
    "Term",
    "World",
    "aged",
    "comparison_page",
    "csv_tables",
    "expected",
    "html",
    "left_over",
    "make_dump",
    "mismatches",
    "open_rows",
    "profile_page",
    "random_role",
    "seeds",
    "tei",
    "visible_roles",
    "wordings",
    "words",
]
