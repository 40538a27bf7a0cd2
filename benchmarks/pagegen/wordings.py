"""The sentences of profile pages, word for word as pages.md section 2.2 lists them; `r` is the page's role, `p` the peer.

Keys are `STATEMENT/SET POSITION`: sentences at the same position of a page are worded alike, and were reworded between the
older texts (`older`, seed 004) and those of 2025 (`recent`, seed 002).
"""

from __future__ import annotations

DUTIES_LEADS = {
    "P1": "Here are examples of responsibilities from real {r.singular} resumes:",
    "P2": (
        "Here are examples of responsibilities from real {r.singular} resumes representing typical tasks they are likely "
        "to perform in their roles."
    ),
}
PROFICIENT = (
    "We calculated that {share}% of {r.titles} are proficient in {s[0].name}, {s[1].name}, and {s[2].name}. They’re also "
    "known for soft skills such as {x[0].name}, {x[1].name}, and {x[2].name}."
)
SHARES_LEAD = "We break down the percentage of {r.titles} that have these skills listed on their resume here:"
COMMON = {
    "PL1": (
        "Common skills that {r.a} uses to do their job include {q} You can find details on the most important "
        "{r.singular} responsibilities below."
    ),
    "PL2": (
        "Most {r.plural} list {q} as skills on their resumes. We go into more details on the most important {r.singular} "
        "responsibilities here:"
    ),
    "PL3": (
        "{q} aren't the only skills we found {r.plural} list on their resumes. In fact, there's a whole list of "
        "{r.singular} responsibilities that we found, including:"
    ),
}
SOFT = (
    (
        "{x.name}. The most essential soft skill for {r.a} to carry out their responsibilities is {lower}. This skill is "
        'important for the role because "{x.quote}." Additionally, {r.a} resume shows how their duties depend on {lower}: '
        '"{x.snippet}. "'
    ),
    (
        "{x.name}. Another essential skill to perform {r.singular} duties is {lower}. {r.starts} responsibilities require that "
        '"{x.quote}." {r.starts} also use {lower} in their role according to a real resume snippet: "{x.snippet}. "'
    ),
    (
        "{x.name}. This is an important skill for {r.plural} to perform their duties. For an example of how {r.singular} "
        'responsibilities depend on this skill, consider that "{x.quote}." This excerpt from a resume also shows how vital it '
        'is to everyday roles and responsibilities of {r.a}: "{x.snippet}. ".'
    ),
)
HIRING_LEAD = "The three companies that hire the most {r.plural} are:"
BUILDER_HEADING = "Choose from 10+ customizable {r.singular} resume templates"
BUILDER = (
    "Build a professional {r.singular} resume in minutes. Our AI resume writing assistant will guide you through every step "
    "of the process, and you can choose from 10+ resume templates to create your {r.singular} resume."
)

PAY = {
    "pay/older1": (
        "In this section, we take a look at the annual salaries of other professions. Take {p.singular} for example. On "
        "average, the {p.plural} annual salary is {usd} {way} than what {r.plural} make on average every year."
    ),
    "pay/older2": (
        "Next up, we have the {p.singular} profession to look over. This career brings along a {way} average salary when "
        "compared to {r.a} annual salary. In fact, {p.plural} salary difference is {usd} {way} than the salary of "
        "{r.plural} per year."
    ),
    "pay/older3": (
        "Let's now take a look at the {p.singular} profession. On average, these workers make {way} salaries than "
        "{r.plural} with a {usd} difference per year."
    ),
    "pay/older4": (
        "The fourth career we look at typically earns {way} pay than {r.plural}. On average, {p.plural} earn a difference "
        "of {usd} {way} per year."
    ),
}
SHARED = {
    "shared/older1": (
        "Even though {r.plural} and {p.plural} have vast differences in their careers, a few of the skills required to do "
        "both jobs are similar. For example, both careers require {s[0]}, {s[1]}, and {s[2]} in the day-to-day roles."
    ),
    "shared/older2": (
        "While the salary may be different for these job positions, there is one similarity and that's a few of the skills "
        "needed to perform certain duties. We used info from lots of resumes to find that both {r.plural} and {p.plural} "
        'are known to have skills such as "{s[0]}," "{s[1]}," and "{s[2]}. "'
    ),
    "shared/older3": (
        "By looking over several {r.plural} and {p.plural} resumes, we found that both roles utilize similar skills, such "
        'as "{s[0]}," "{s[1]}," and "{s[2]}." But beyond that the careers look very different.'
    ),
    "shared/older4": (
        "According to resumes from both {r.plural} and {p.plural}, some of the skills necessary to complete the "
        'responsibilities of each role are similar. These skills include "{s[0]}," "{s[1]}," and "{s[2]}. "'
    ),
}
_FOUR = '"{%s[0]}," "{%s[1]}," "{%s[2]}," and "{%s[3]}.%s"'


def _four(side: str, gap: str = "") -> str:
    """Four quoted skills of one side, with the full stop (and a gap behind it) inside the last quotes."""
    return _FOUR % (side, side, side, side, gap)


DISTINCT = {
    "distinct/older1": (
        "There are some key differences in responsibilities as well. For example, {r.a} responsibilities require skills "
        f"like {_four('m')} Meanwhile a typical {{p.singular}} has skills in areas such as {_four('n')} This difference in "
        "skills reveals how truly different these two careers really are."
    ),
    "distinct/older2": (
        "While some skills are similar in these professions, other skills aren't so similar. For example, several resumes "
        f"showed us that {{r.singular}} responsibilities requires skills like {_four('m')} But {{p.a}} might use skills, "
        f"such as, {_four('n')}"
    ),
    "distinct/older3": (
        "Some important key differences between the two careers are a few of the skills necessary to fulfill "
        "responsibilities. Some examples from {r.plural} resumes include skills like "
        f'"{{m[0]}}," "{{m[1]}}," "{{m[2]}}," and "{{m[3]}}," whereas {{p.a}} might be skilled in {_four("n", " ")}'
    ),
    "distinct/older4": (
        "While some skills are shared by these professions, there are some differences to note. "
        '"{m[0]}," "{m[1]}," "{m[2]}," and "{m[3]}" are skills that have shown up on {r.plural} resumes. Additionally, '
        "{p.singular} uses skills like {n[0]}, {n[1]}, {n[2]}, and {n[3]} on their resumes."
    ),
    "distinct/recent1": (
        "While similarities exist, there are also some differences between {r.plural} and {p.singular}. For instance, "
        f"{{r.singular}} responsibilities require skills such as {_four('m')} Whereas {{p.a}} is skilled in {_four('n')} "
        "This is part of what separates the two careers."
    ),
    "distinct/recent2": (
        "While some skills are similar in these professions, other skills aren't so similar. For example, resumes show us "
        f"that {{r.singular}} responsibilities requires skills like {_four('m')} But {{p.a}} might use other skills in "
        f"their typical duties, such as, {_four('n')}"
    ),
    "distinct/recent3": (
        "Some important key differences between the two careers include a few of the skills necessary to fulfill the "
        "responsibilities of each. Some examples from {r.singular} resumes include skills like "
        f'"{{m[0]}}," "{{m[1]}}," "{{m[2]}}," and "{{m[3]}}," whereas {{p.a}} is more likely to list skills in '
        f"{_four('n', ' ')}"
    ),
}
INDUSTRY = {
    "industry/older1": (
        "{p.starts} receive the highest salaries in the {pi} industry coming in with an average yearly salary of {pusd}. "
        "But {r.plural} are paid more in the {ri} industry with an average salary of {rusd}."
    ),
    "industry/older2": (
        "It's been discovered that {p.plural} earn {way} salaries compared to {r.plural}, but we wanted to find out where "
        "{p.plural} earned the most pay. The answer? The {pi} industry. The average salary in the industry is {pusd}. "
        "Additionally, {r.plural} earn the highest paychecks in the {ri} with an average salary of {rusd}."
    ),
    "industry/older3": (
        "Additionally, {p.plural} earn a higher salary in the {pi} industry compared to other industries. In this industry, "
        "they receive an average salary of {pusd}. Additionally, {r.plural} earn an average salary of {rusd} in the {ri} "
        "industry."
    ),
    "industry/older4": (
        "In general, {p.plural} make a higher salary in the {pi} industry with an average of {pusd}. The highest "
        "{r.singular} annual salary stems from the {ri} industry."
    ),
    "industry/recent1": (
        "{p.starts} really shine in the {pi} industry with an average salary of {pusd}. Comparatively, {r.plural} tend to "
        "make the most money in the {ri} industry with an average salary of {rusd}."
    ),
    "industry/recent2": (
        "{p.starts} earn a {way} average salary than {r.plural}. But {p.plural} earn the highest pay in the {pi} industry, "
        "with an average salary of {pusd}. Additionally, {r.plural} earn the highest salaries in the {ri} with average pay "
        "of {rusd} annually."
    ),
    "industry/recent3": (
        "{p.starts} earn the best pay in the {pi} industry, where they command an average salary of {pusd}. {r.starts} earn "
        "the highest pay from the {ri} industry, with an average salary of {rusd}."
    ),
}
EDUCATION = {
    "education/older1": (
        "{p.starts} tend to reach {level} levels of education than {r.plural}. In fact, {p.plural} are {m} {mway} likely to "
        "graduate with a Master's Degree and {d} {dway} likely to have a Doctoral Degree."
    ),
    "education/older2": (
        "In general, {p.plural} study at {level} levels of education than {r.plural}. They're {m} {mway} likely to obtain a "
        "Master's Degree while being {d} {dway} likely to earn a Doctoral Degree."
    ),
    "education/older3": (
        "{p.starts} typically study at {level} levels compared with {r.plural}. For example, they're {m} {mway} likely to "
        "graduate with a Master's Degree, and {d} {dway} likely to earn a Doctoral Degree."
    ),
    "education/older4": (
        "The average resume of {p.plural} showed that they earn {level} levels of education to {r.plural}. So much so that "
        "the likelihood of them earning a Master's Degree is {m} {mway}. Additionally, they're {dway} likely to earn a "
        "Doctoral Degree by {d}."
    ),
    "education/recent1": (
        "The education levels that {p.plural} earn slightly differ from {r.plural}. In particular, {p.plural} are {m} "
        "{mway} likely to graduate with a Master's Degree than {r.a}. Additionally, they're {d} {dway} likely to earn a "
        "Doctoral Degree."
    ),
    "education/recent2": (
        "{p.plural} earn {level} levels of education than {r.plural} in general. They're {m} {mway} likely to graduate with "
        "a Master's Degree and {d} {dway} likely to earn a Doctoral Degree."
    ),
    "education/recent3": (
        "{p.plural} typically earn {level} educational levels compared to {r.plural}. Specifically, they're {m} {mway} "
        "likely to graduate with a Master's Degree, and {d} {dway} likely to earn a Doctoral Degree."
    ),
}
