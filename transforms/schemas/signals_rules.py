"""The part of ``signals`` that lies between links and origins: what rules read, the rules, and what they found."""

from __future__ import annotations

from transforms.schemas.staging import LINK_ID, PROVIDER, SITE, SOURCE_DOMAIN
from transforms.schemas.table import Column, Table, count, date, flag, number, text
from transforms.schemas.vocabulary import ORIGINS, TARGET_KINDS, TELLERS

ANCHOR_SORTS = (
    "empty", "own_address", "address", "brand", "half_brand", "generic", "money", "keyword", "phrase",
)  # fmt: skip
"""What an anchor text is: nothing, the site's address, another one, the site's name, half of it, "click here", a buying
phrase, up to four other words, more words."""

SCRIPTS = ("latin", "east asian", "cyrillic", "hebrew or arabic", "other")

SIX_ORIGINS = tuple(origin for origin in ORIGINS if origin != "unknown")

LINK_NUMBER = count("link_number", "The link's id as a number.")
TEXT_HASH = count("text_hash", "Hash of the link's texts.")
RULE_SET = text("rule_set", "Version of the rules, as in signals.origin_rules.", required=True)

LINKED_PAGES = Table(
    name="signals.linked_pages",
    one_row_per="site and page linked to",
    description="The pages that links lead to, and what each looks like by its address.",
    key=("site_domain", "target_url"),
    slice="site",
    columns=(
        SITE,
        text("target_url", "The page, as links spell it.", required=True),
        text("target_path", "Its path, lower case.", required=True),
        text("target_kind", "What it looks like.", required=True, allowed=TARGET_KINDS),
        count("link_count", "Links to it, all providers.", required=True),
    ),
)

SITE_PAGES = Table(
    name="signals.site_pages",
    one_row_per="site and page, of the pages that most links lead to",
    description="What a site is about, as those who link to it see it.",
    key=("site_domain", "page_path"),
    slice="site",
    columns=(
        SITE,
        text("page_path", "Path of the page, lower case.", required=True),
        count("link_count", "Links to it, all providers.", required=True),
    ),
)

SITE_KEYWORDS = Table(
    name="signals.site_keywords",
    one_row_per="site and keyword, of those searched most",
    description="What a site is found under, or wants to be: the keywords of its trackers.",
    key=("site_domain", "keyword"),
    slice="site",
    columns=(
        SITE,
        text("keyword", "Lower case.", required=True),
        number("search_volume", "Searches a month; 0 where no tracker gives any.", required=True),
    ),
)

SITE_WORDS = Table(
    name="signals.site_words",
    one_row_per="site",
    description="The words by which texts are judged: the site's names, and what it is about.",
    key=("site_domain",),
    slice="site",
    columns=(
        SITE,
        text("label", "First part of the domain.", required=True),
        text("brands", "Brand words of sites.toml, lower case, parted by |.", required=True),
        text("topics", "Words that tell the site from others, heaviest first, parted by |.", required=True),
        text("words_version", "Hash of them: texts are read anew when it changes.", required=True),
    ),
)

ORIGIN_RULES = Table(
    name="signals.origin_rules",
    one_row_per="rule set and rule",
    description="The rules in force, and those of older sets that some site still stands on.",
    key=("rule_set", "rule"),
    slice="site",
    columns=(
        RULE_SET,
        text("rule", "Name of the rule.", required=True),
        flag("is_text", "Whether it reads texts alone; tells which of the two bit columns it has.", required=True),
        count("bit", "Its bit in signals.link_marks.", required=True),
        text("origin", "Origin it speaks for.", required=True, allowed=ORIGINS),
        number("weight", "Log-odds added to that origin (negative: taken away).", required=True),
        number("guess", "The weight before it was fitted on a simulated world.", required=True),
        text("question_en", "The question it answers, in English.", required=True),
        text("question_nl", "The same in Dutch.", required=True),
        text("says_en", "What it says to people, in English; {seen} is what was seen.", required=True),
        text("says_nl", "The same in Dutch.", required=True),
        text("needs", "Columns it reads.", required=True),
        text("condition", "When it applies, in SQL.", required=True),
        text("policy_clause", "Clause of the link spam policy (L1 to L11), or null."),
        text("source", "Where rule and weight come from.", required=True),
    ),
)

_READ = (
    text("url", "Address of the linking page, lower case."),
    text("target", "Address of the page linked to, lower case."),
    text("title", "Title of the linking page, lower case; '' when unknown."),
    text("anchor", "Anchor text, lower case; '' when there is none."),
    text("context", "Words left and right of the link, lower case."),
    text("path", "Path of the linking page."),
    text("path_and_title", "Path, title and a space."),
    text("anchor_and_title", "Anchor text and title."),
    text("page_text", "Address, path, title and context."),
    text("all_text", "The same and the anchor text."),
    flag("is_comment", "The address is that of a comment."),
    flag("is_own_domain_named", "Title or path of the linking page name the site's domain."),
    text("script", "Writing system of the title; null without one.", allowed=SCRIPTS),
    text("topics_seen", "The site's own words found on the page."),
    count("topic_count", "How many of them."),
)

_TEXT_PLACES = (
    text("source_host", "Host of the linking page."),
    text("left_context", "Words left of the link."),
    text("right_context", "Words right of it."),
    text("source_language", "Language of the page, as the provider says."),
    text("link_type", "What kind of link, as the provider says."),
)

_MEASURES = (
    flag("is_nofollow", "rel=nofollow; null = not said."),
    flag("is_sponsored", "rel=sponsored."),
    flag("is_ugc", "rel=ugc."),
    flag("is_image", "An image is the link."),
    flag("is_sitewide", "The provider says that it stands on all pages."),
    flag("is_spam_by_provider", "The provider says spam."),
    number("source_authority", "Authority of the referring domain, 0 to 100."),
    number("page_authority", "Authority of the page, 0 to 100."),
    number("source_traffic", "Visits a month of the referring domain."),
    count("external_link_count", "Links to other sites on the page."),
    date("first_seen_on", "First seen by the provider."),
    date("lost_on", "Lost."),
    date("first_observed_on", "First export that held the link."),
)

LINK_TEXTS = Table(
    name="signals.link_texts",
    one_row_per="link",
    description="Each link with its texts as rules read them, its measures passed on.",
    key=("link_id",),
    slice="view",
    is_checked=False,
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        *_TEXT_PLACES,
        *_MEASURES,
        LINK_NUMBER,
        TEXT_HASH,
        text("words_version", "Words of the site by which the texts are judged."),
        text("target_url", "Page linked to, as the link spells it."),
        *_READ,
    ),
)

TEXT_MARKS = Table(
    name="signals.text_marks",
    one_row_per="link and version of its texts, of the site's words and of the rules",
    description="What rules read in texts: written once, for texts do not change.",
    key=("link_number", "text_hash", "words_version"),
    slice="memo",
    stale=(
        "rule_set <> $rule_set OR NOT EXISTS (SELECT 1 FROM signals.site_words AS words "
        "WHERE words.site_domain = text_marks.site_domain AND words.words_version = text_marks.words_version)"
    ),
    columns=(
        LINK_NUMBER,
        TEXT_HASH,
        text("words_version", "Words of the site, as in signals.site_words.", required=True),
        RULE_SET,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        count("text_bits", "Rules that read texts alone and apply, a bit each.", required=True),
        flag("is_comment", "The address is that of a comment.", required=True),
        flag("is_own_domain_named", "Title or address name the site's domain.", required=True),
        count("topic_count", "Words of the site found on the page.", required=True),
        text("script", "Writing system of the title; null without one.", allowed=SCRIPTS),
    ),
)

ANCHORS = Table(
    name="signals.anchors",
    one_row_per="site, provider and anchor text",
    description="What each anchor text is, and how many referring domains use it.",
    key=("site_domain", "provider", "anchor"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("anchor", "Lower case; '' for none.", required=True),
        text("anchor_kind", "What it is.", required=True, allowed=ANCHOR_SORTS),
        count("domain_count", "Referring domains that use it in links not marked as paid.", required=True),
        flag("is_site_keyword", "One of signals.site_keywords.", required=True),
    ),
)

SHARED_PAGES = Table(
    name="signals.shared_pages",
    one_row_per="site, provider and address or title that several referring domains share",
    description="Signs that pages are of one make: the same unlikely path or long title.",
    key=("site_domain", "provider", "trait", "value"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("trait", "What is shared.", required=True, allowed=("address", "title")),
        text("value", "The path or title.", required=True),
        count("domain_count", "Referring domains that share it.", required=True),
        flag("is_weak", "Most of the links with known authority are weak; null where none is known."),
    ),
)

SOURCE_PROFILES = Table(
    name="signals.source_profiles",
    one_row_per="site, provider and referring domain with several links",
    description="What the links of one domain have in common.",
    key=("site_domain", "provider", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        count("link_count", "Its links to the site.", required=True),
        count("host_count", "Its host names that link.", required=True),
        flag("is_farm", "A weak domain with many host names and hardly a page of their own.", required=True),
        flag(
            "is_repeated_sitewide", "So many pages link to so few of the site's that it is a template.", required=True
        ),
    ),
)

SOURCE_CUSTOMERS = Table(
    name="signals.source_customers",
    one_row_per="referring domain that links with keywords to monitored sites of several owners",
    description="Seen across the portfolio: a shop of links has many customers.",
    key=("source_domain",),
    slice="site",
    columns=(
        SOURCE_DOMAIN,
        count("site_count", "Monitored sites it links to with keywords.", required=True),
        count("owner_count", "Owners of them; a site whose owner nothing tells counts as one.", required=True),
        count("span_days", "Days from its first such link to one of them to that to the last; null without days."),
    ),
)

ANCHOR_BURSTS = Table(
    name="signals.anchor_bursts",
    one_row_per="site, provider, page, keyword and referring domain",
    description="Keywords that several domains used for one page within a fortnight of each other.",
    key=("site_domain", "provider", "target_url", "anchor", "source_domain"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("target_url", "The page.", required=True),
        text("anchor", "The keyword.", required=True),
        SOURCE_DOMAIN,
        count(
            "domain_count", "Domains that used it in the fuller fortnight around the domain's own week.", required=True
        ),
        count("network_count", "Of these, domains that came to several owners' sites within a month.", required=True),
    ),
)

FOREIGN_SCRIPTS = Table(
    name="signals.foreign_scripts",
    one_row_per="site, provider and writing system that is not the site's usual one",
    description="Writing systems in which many referring domains write that are not those of the site's other links.",
    key=("site_domain", "provider", "script"),
    slice="site",
    columns=(
        SITE,
        PROVIDER,
        text("script", "Writing system.", required=True, allowed=SCRIPTS),
        count("domain_count", "Referring domains whose titles use it.", required=True),
    ),
)

_FOUND = (
    text("anchor_kind", "What the anchor text is.", allowed=ANCHOR_SORTS),
    text("target_kind", "What the page linked to looks like by its address.", allowed=TARGET_KINDS),
    text("target_path", "Path of the page linked to."),
    flag("is_exact_anchor", "The anchor text is a keyword of the site, or stands in the path of the page."),
    count("anchor_domain_count", "Domains that share the anchor text."),
    count("path_domain_count", "Domains that share the path."),
    flag("is_weak_path", "Most of these are weak."),
    count("title_domain_count", "Domains that share the title."),
    flag("is_weak_title", "Most of these are weak."),
    flag("is_foreign_script", "The title is in a writing system that is not the site's usual one."),
    count("source_link_count", "Links of the domain to the site; null for few."),
    count("source_host_count", "Host names of the domain that link; null for few."),
    flag("is_farm", "The domain is a farm of host names."),
    flag("is_repeated_sitewide", "The domain's template links to the site."),
    count("customer_count", "Owners of monitored sites that the domain links to with keywords; null for one."),
    count("customer_days", "Days over which they were first linked to; null without days."),
    count("burst_domain_count", "Domains that used the same keyword for the same page within a fortnight."),
    count("burst_network_count", "Of these, domains that came to several owners' sites within a month."),
    text("exchange_form", "How an exchange goes round; null for none seen."),
    text("exchange_seen", "What was seen of it."),
    flag("is_synchronous", "Both links appeared together, beyond chance."),
    flag("is_beyond_expected", "The site links back to more domains than its degrees explain."),
    count("partner_site_count", "Monitored sites that the domain exchanges links with."),
    count("lockstep_source_count", "Domains of the group in lockstep; null for none."),
    count("lockstep_target_count", "Pages that it links to."),
    count("lockstep_site_count", "Monitored sites that it links to."),
    flag("is_purchase_batch", "Came in a batch as from one order."),
    flag("is_rented_batch", "Vanished in a batch as at the end of a contract."),
    text("batch_seen", "Domains of the batch."),
)

_TOLD = (
    text("told_origin", "What the team says the link is."),
    text("told_by", "How it says so.", allowed=TELLERS),
    flag("is_allowed", "On the team's allow-list.", required=True),
)

LINK_FACTS = Table(
    name="signals.link_facts",
    one_row_per="link",
    description="Everything a rule may ask about a link: its texts, its measures, and the groups it belongs to.",
    key=("link_id",),
    slice="view",
    is_checked=False,
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        LINK_NUMBER,
        *_TEXT_PLACES,
        *_READ,
        *_MEASURES,
        count("text_bits", "As in signals.text_marks.", required=True),
        *_FOUND,
        *_TOLD,
    ),
)

_NAMES_FOR_ALL = {"link_id", "site_domain", "provider", "source_domain"}
TEXT_COLUMNS = frozenset({column.name for column in (*_TEXT_PLACES, *_READ)} | (_NAMES_FOR_ALL - {"link_id"}))
"""Columns that depend on the texts of a link alone: a rule over these is answered once for each text."""

FACT_COLUMNS = frozenset({column.name for column in (*_MEASURES, *_FOUND)})
"""Columns that may change from night to night."""

LINK_MARKS = Table(
    name="signals.link_marks",
    one_row_per="link",
    description="Which rules apply, a bit a rule, and what the team says itself.",
    key=("link_number",),
    slice="site",
    columns=(
        LINK_NUMBER,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        RULE_SET,
        count("text_bits", "Rules that read texts alone.", required=True),
        count("fact_bits", "Rules that read measures, groups or days.", required=True),
        *_TOLD,
        number("source_authority", "Authority of the referring domain, 0 to 100."),
        date("first_seen_on", "First seen by the provider."),
        date("lost_on", "Day of loss."),
        date("known_from_on", "First day on which our exports let us say so.", required=True),
        date("known_until_on", "Last such day; null = still so."),
    ),
)

MARK_COMBINATIONS = Table(
    name="signals.mark_combinations",
    one_row_per="rule set and set of rules that apply together",
    description="Thousands where there are millions of links: origins are worked out per combination.",
    key=("rule_set", "text_bits", "fact_bits"),
    slice="site",
    columns=(
        RULE_SET,
        count("text_bits", "As in signals.link_marks.", required=True),
        count("fact_bits", "As in signals.link_marks.", required=True),
        count("link_count", "Links with this combination.", required=True),
    ),
)

LABELLED_LINKS = Table(
    name="signals.labelled_links",
    one_row_per="link that the team judged itself",
    description=(
        "Judgements of links and domains (labels.csv) beside the rules that apply: what signals.label_corrections is "
        "learnt from. Allow-list, placements and disavow file are no judgements of origins and are left out."
    ),
    key=("link_id",),
    slice="site",
    columns=(
        LINK_ID,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        text("origin", "Origin that the team told.", required=True, allowed=SIX_ORIGINS),
        date("labelled_on", "Day of the judgement; null = not said."),
        RULE_SET,
        count("text_bits", "As in signals.link_marks.", required=True),
        count("fact_bits", "As in signals.link_marks.", required=True),
    ),
)

LABEL_CORRECTIONS = Table(
    name="signals.label_corrections",
    one_row_per="rule set and origin, where anything is labelled",
    description=(
        "What the team's judgements say of the rules' probabilities: a bias per origin and one strength of the "
        "evidence. Learnt from some referring domains, judged on others, applied only where it makes those better; "
        "columns about the whole correction stand in each of its six rows."
    ),
    key=("rule_set", "origin"),
    slice="site",
    columns=(
        RULE_SET,
        text("origin", "Origin.", required=True, allowed=SIX_ORIGINS),
        count("domain_count", "Referring domains labelled with it that were of use.", required=True),
        number("bias", "Log-odds learnt for it; 0 = no change.", required=True),
        number("mean_before", "Mean probability of it on the labels judged on, uncorrected; null with too few."),
        number("mean_after", "The same, corrected."),
        number("largest_move", "Largest change of its probability for one of these links, with its sign."),
        number("strength", "What the evidence is multiplied by; below 1 the rules claim too much.", required=True),
        flag("is_applied", "Whether probabilities are corrected: false leaves them as they are.", required=True),
        text(
            "reason",
            "Why it is applied or not.",
            required=True,
            allowed=("improves", "does_not_improve", "too_few_labels"),
        ),
        text(
            "split",
            "How the labels judged on were kept apart: later labels of other domains, or folds of domains.",
            required=True,
            allowed=("time", "folds", "none"),
        ),
        date("cutoff_on", "Last day learnt from; null unless split by time."),
        count("label_count", "Labelled links.", required=True),
        count("train_domain_count", "Referring domains learnt from.", required=True),
        count("test_domain_count", "Referring domains judged on.", required=True),
        number("log_loss_before", "Mean of -ln(probability of the origin told), a domain each; null with too few."),
        number("log_loss_after", "The same, corrected."),
        number("brier_before", "Mean squared distance summed over the origins, 0 to 2."),
        number("brier_after", "The same, corrected."),
        number("calibration_error_before", "Expected calibration error of the likeliest origin, 0 to 1."),
        number("calibration_error_after", "The same, corrected."),
    ),
)

EVIDENCE_COMBINATIONS = Table(
    name="signals.evidence_combinations",
    one_row_per="rule set and set of rules that apply together",
    description=(
        "What a combination of rules makes likely: weights added up per origin, and probabilities after calibration on "
        "simulated worlds and, where it helps, by labels (docs/methods-origins.md). The origin is unknown when "
        "evidence is thin or torn, and when what looks arranged is disclosed as paid, which is within policy."
    ),
    key=("rule_set", "text_bits", "fact_bits"),
    slice="site",
    columns=(
        RULE_SET,
        count("text_bits", "As in signals.link_marks.", required=True),
        count("fact_bits", "As in signals.link_marks.", required=True),
        *(
            number(f"{origin}_evidence", f"Log-odds of the rules for {origin}.", required=True)
            for origin in SIX_ORIGINS
        ),
        *(number(f"{origin}_probability", f"Probability of {origin}.", required=True) for origin in SIX_ORIGINS),
        text("origin", "Most likely origin.", required=True, allowed=ORIGINS),
        number("probability", "Probability of that origin, 0 to 1.", required=True),
        flag("is_calibrated", "Calibrated for this very rule set; false: for the bundled one.", required=True),
    ),
)

LINK_EVIDENCE = Table(
    name="signals.link_evidence",
    one_row_per="link and rule that applies to it",
    description="What speaks for an origin: one named rule a row, so that a person can check and argue with it.",
    key=("link_id", "rule"),
    slice="view",
    is_checked=False,
    columns=(
        LINK_ID,
        LINK_NUMBER,
        SITE,
        PROVIDER,
        text("rule", "Name of the rule, as in signals.origin_rules.", required=True),
        text("origin", "Origin the rule speaks for.", required=True, allowed=ORIGINS),
        number("weight", "Log-odds added for that origin (negative: taken away).", required=True),
        text("seen", "What was seen, cut at 120 characters."),
        text("policy_clause", "Clause of the link spam policy (L1 to L11), or null."),
    ),
)

LINK_ORIGINS = Table(
    name="signals.link_origins",
    one_row_per="link",
    description=(
        "The most likely origin of each link, its probability, and the evidence. What the team says itself "
        "(signals.told_links) stands above all rules, and its allow-list above that."
    ),
    key=("link_id",),
    slice="view",
    columns=(
        LINK_ID,
        LINK_NUMBER,
        SITE,
        PROVIDER,
        SOURCE_DOMAIN,
        text("origin", "Most likely origin.", required=True, allowed=ORIGINS),
        number("probability", "Probability of that origin, 0 to 1.", required=True),
        text("told_by", "How the team says so; null = the rules do.", allowed=TELLERS),
        number("source_authority", "Authority of the referring domain, 0 to 100."),
        date("first_seen_on", "First seen by the provider."),
        date("lost_on", "Day of loss."),
        date("known_from_on", "First day on which our exports let us say so.", required=True),
        date("known_until_on", "Last such day; null = still so."),
        Column(name="evidence", type="EVIDENCE", description="Rules that applied, strongest first, then by name."),
        RULE_SET,
    ),
)

TEXT_TABLES = (
    LINKED_PAGES,
    SITE_PAGES,
    SITE_KEYWORDS,
    SITE_WORDS,
    ORIGIN_RULES,
    ANCHORS,
    LINK_TEXTS,
    TEXT_MARKS,
    SHARED_PAGES,
    SOURCE_PROFILES,
    SOURCE_CUSTOMERS,
    FOREIGN_SCRIPTS,
    ANCHOR_BURSTS,
)
"""What texts and groups of links say; made first."""

VERDICT_TABLES = (
    LINK_FACTS,
    LINK_MARKS,
    MARK_COMBINATIONS,
    LABELLED_LINKS,
    LABEL_CORRECTIONS,
    EVIDENCE_COMBINATIONS,
    LINK_EVIDENCE,
    LINK_ORIGINS,
)
"""What rules make of it, once every group that they ask about is known."""
