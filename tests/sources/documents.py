"""One small document of each format, in the shape that its source sends; companies and jobs are made up."""

import json

TABLE = """\
## Data roles

| Company | Position | Location | Salary | Posting | Age | Description | Tags |
| --- | --- | --- | --- | --- | --- | --- | --- |
| **[Marble Peak](https://marble.example.com)** | Data Scientist Intern | Oslo, Norway | $40/hr | \
<a href="https://jobs.example.com/m1"><img src="x" alt="Apply"></a> | 3d | \
You cut **stone**<br>by [numbers](https://marble.example.com/n). | statistics, R |
| ↳ | Senior Data Engineer | Remote | $150k/yr | [Apply](https://jobs.example.com/m2) | Aug 22 |
| Tin Cup | Barista | Bergen | | [Apply](https://jobs.example.com/m3) | 1d |

After the table | a | bar means nothing.
"""

PAGE = """<!doctype html><html><head><title>Jobs</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "Organization"},
{"@type": ["JobPosting"], "title": "Research Scientist", "description": "<p>You study light,
raw as it is.</p>", "skills": "optics, Python, a sentence that goes on for longer than any skill is named",
"industry": "Photonics", "identifier": {"@type": "PropertyValue", "value": "rs-7"}, "datePosted": "2026-08-20",
"hiringOrganization": {"@type": "Organization", "name": "Lantern Labs"}, "employmentType": ["FULL_TIME"],
"jobLocation": [{"@type": "Place", "address": {"addressLocality": "Zürich", "addressCountry": "CH"}}],
"baseSalary": {"currency": "CHF", "value": {"minValue": 120000, "maxValue": 150000, "unitText": "YEAR"}},
"url": "https://lantern.example.com/jobs/7"}]}</script></head><body></body></html>"""

PERSONIO = """<?xml version="1.0" encoding="UTF-8"?>
<workzag-jobs>
  <position><id>55</id><subcompany>Kiesel GmbH</subcompany><office>Berlin</office><name>Data Analyst (m/w/d)</name>
    <department>Controlling</department><keywords>SQL,Power BI</keywords>
    <jobDescriptions><jobDescription><name>Deine Aufgaben</name><value><![CDATA[<ul><li>Du führst die Zahlen
    zusammen.</li></ul>]]></value></jobDescription><jobDescription><name>Profil</name><value><![CDATA[<p>SQL</p>]]></value>
    </jobDescription></jobDescriptions>
    <employmentType>permanent</employmentType><seniority>experienced</seniority><schedule>full-time</schedule>
    <createdAt>2026-08-03T09:00:00+00:00</createdAt></position>
  <position><id>55</id><subcompany>Kiesel GmbH</subcompany><office>Hamburg</office><name>Data Analyst (m/w/d)</name>
    <schedule>full-time</schedule><createdAt>2026-08-03T09:00:00+00:00</createdAt></position>
</workzag-jobs>"""

WE_WORK_REMOTELY = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>We Work Remotely: All Jobs</title><link>https://weworkremotely.com/x.rss</link>
<item><title>Remote: Analytics Engineer: Growth</title><region>Anywhere in the World</region><country></country>
<skills>dbt, SQL</skills><category>Data &amp; Analytics</category>
<type>Full-Time</type><description>&lt;p&gt;&lt;strong&gt;Headquarters:&lt;/strong&gt; Lisbon&lt;/p&gt;</description>
<pubDate>Tue, 11 Aug 2026 07:30:41 +0000</pubDate><guid>https://weworkremotely.com/remote-jobs/a-1</guid>
<link>https://weworkremotely.com/remote-jobs/a-1</link></item></channel></rss>"""

RSS = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour Jobs</title>
<item><title>Junior Data Analyst &amp; Reporter</title><category>Analytics</category><category>Port</category>
<description>In short</description><content:encoded>&lt;p&gt;You count ships.&lt;/p&gt;</content:encoded>
<link>https://harbour.example.com/1</link><guid>h-1</guid>
<pubDate>Mon, 10 Aug 2026 10:00:00 +0200</pubDate></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour Jobs</title>
<entry><title>MLOps Engineer</title><id>tag:harbour,2</id><link href="https://harbour.example.com/2"/>
<author><name>Harbour AG</name></author><published>2026-08-09T08:00:00Z</published>
<summary type="html">&lt;p&gt;You keep models afloat.&lt;/p&gt;</summary>
<category term="x-ml" label="Machine learning"/><category term="Docker"/></entry></feed>"""

CSV = """\ufefflist,company,position,location,salary,url,age,description,tags
intern,Quill,Machine Learning Intern,"Austin, TX",$45/hr,https://quill.example.com/1,9d,"You label, then learn.",\
Python; NLP
full,"Quill, Inc",Data Entry Clerk,Austin,,https://quill.example.com/2,2d
short,Quill
full,Quill,Data Architect,Lisbon,not told,https://quill.example.com/3,1w
"""

_GREENHOUSE = {
    "jobs": [
        {
            "absolute_url": "https://job-boards.greenhouse.io/pine/jobs/41",
            "internal_job_id": 9,
            "id": 41,
            "title": "Staff Data Engineer ",
            "company_name": "Pine",
            "location": {"name": "Hybrid - Dublin, Ireland"},
            "first_published": "2026-07-01T09:00:00-04:00",
            "updated_at": "2026-08-31T09:00:00-04:00",
            "pay_input_ranges": [{"min_cents": 9000000, "max_cents": 12000000, "currency_type": "EUR", "title": "Pay"}],
            "content": "&lt;div class=&quot;intro&quot;&gt;&lt;p&gt;Pipelines &amp;amp; forests.&lt;/p&gt;&lt;/div&gt;",
            "departments": [{"id": 3, "name": "Data Platform", "child_ids": [], "parent_id": None}],
        },
        {"absolute_url": "https://job-boards.greenhouse.io/pine/jobs/42", "internal_job_id": 1, "id": 42, "title": "?"},
        {
            "absolute_url": "https://job-boards.greenhouse.io/pine/jobs/43",
            "internal_job_id": 2,
            "id": 43,
            "title": "Account Executive",
            "company_name": "Pine",
            "location": {"name": "Dublin"},
        },
    ],
    "meta": {"total": 3},
}
_LEVER = [
    {
        "id": "7c-1",
        "text": "Machine Learning Engineer",
        "categories": {
            "commitment": "Full-time",
            "department": "Technology",
            "team": "Ranking",
            "location": "Toronto",
            "allLocations": ["Toronto", "Montreal"],
        },
        "descriptionPlain": "You rank berries.\nEvery day.",
        "description": "<div>You rank berries.</div><div>Every day.</div>",
        "lists": [{"text": "What you bring", "content": "\n<li>Python</li>\n<li>Patience</li>"}],
        "additionalPlain": "We pay for lunch.",
        "country": "CA",
        "workplaceType": "onsite",
        "createdAt": 1786000000000,
        "salaryRange": {"min": 60, "max": 80, "currency": "CAD", "interval": "per-hour-wage"},
        "hostedUrl": "https://jobs.lever.co/rowan-tree/7c-1",
    }
]
_ASHBY = {
    "jobs": [
        {
            "id": "a-1",
            "title": " Applied Scientist ",
            "department": "Research",
            "team": "Perception",
            "descriptionHtml": '<p style="min-height:1.5em">You watch birds.</p>',
            "descriptionPlain": "You watch birds.\n\nAnd write about them.",
            "location": "Paris",
            "secondaryLocations": [{"location": "Lyon"}],
            "isListed": True,
            "isRemote": True,
            "workplaceType": "Hybrid",
            "employmentType": "FullTime",
            "publishedAt": "2026-08-05T10:00:00.000+00:00",
            "jobUrl": "https://jobs.ashbyhq.com/heron/a-1",
            "compensation": {
                "compensationTierSummary": "€80K – €95K",
                "summaryComponents": [
                    {"compensationType": "EquityPercentage", "interval": "NONE", "minValue": 1, "maxValue": 2},
                    {
                        "compensationType": "Salary",
                        "interval": "1 YEAR",
                        "currencyCode": "EUR",
                        "minValue": 80000,
                        "maxValue": 95000,
                    },
                ],
            },
        },
        {"id": "a-2", "title": "Data Engineer", "isListed": False, "publishedAt": "2026-08-05", "jobUrl": "x"},
    ]
}
_WORKABLE_ROW = {
    "title": "Business Intelligence Analyst",
    "shortcode": "DD1",
    "telecommuting": True,
    "employment_type": "Part-time",
    "experience": "Entry level",
    "department": "Finance",
    "function": "Business Analysis",
    "industry": "Computer Software",
    "description": "<p>You draw charts.</p><ul><li>Many of them</li></ul>",
    "published_on": "2026-08-01",
    "url": "https://apply.workable.com/j/DD1",
}
_WORKABLE = {
    "name": "Vole",
    "jobs": [
        _WORKABLE_ROW | {"country": "Spain", "city": "Madrid", "locations": [{"countryCode": "ES"}]},
        _WORKABLE_ROW | {"country": "Italy", "city": "", "locations": [{"countryCode": "IT"}]},
    ],
}
_SMARTRECRUITERS = {
    "totalFound": 1,
    "content": [
        {
            "id": "7439",
            "name": "Data Governance Analyst",
            "company": {"identifier": "Ox1", "name": "Ox"},
            "releasedDate": "2026-08-06T19:42:44.000Z",
            "location": {
                "city": "Porto",
                "country": "pt",
                "remote": False,
                "hybrid": True,
                "fullLocation": "Porto, PT",
            },
            "department": {},
            "function": {"id": "information_technology", "label": "Information Technology"},
            "jobAd": {
                "sections": {
                    "companyDescription": {"title": "Company Description", "text": "<p>Ox is large.</p>"},
                    "jobDescription": {"title": "Job Description", "text": "<p>You keep the rules.</p>"},
                    "qualifications": {"title": "Qualifications", "text": ""},
                }
            },
            "typeOfEmployment": {"label": "Full-time"},
            "experienceLevel": {"label": "Director"},
        }
    ],
}
_RECRUITEE = {
    "offers": [
        {
            "id": 5,
            "guid": "m6",
            "slug": "x",
            "title": "NLP Engineer",
            "company_name": "Fathom",
            "careers_url": "https://fathom.recruitee.com/o/nlp",
            "locations": [{"city": "Ghent", "country": "Belgium", "country_code": "BE"}],
            "remote": False,
            "hybrid": False,
            "on_site": True,
            "employment_type_code": "fulltime_permanent",
            "published_at": "2026-08-11 20:45:29 UTC",
            "salary": {"min": 4000, "max": 5000, "period": "month", "currency": "EUR"},
            "mailbox_email": "user@example.com",
            "department": "Language",
            "tags": ["spaCy"],
            "description": "<p>You read a lot.</p>",
            "requirements": "<ul><li>Dutch</li></ul>",
        }
    ]
}
_TEAMTAILOR = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Gull AB",
    "items": [
        {
            "id": "t-1",
            "url": "https://gull.example.com/jobs/1",
            "title": "Data Engineer",
            "date_published": "2026-08-02T09:00:00+02:00",
            "content_html": "<p>You feed gulls<br>with data.</p>",
            "_jobposting": {
                "@type": "JobPosting",
                "hiringOrganization": {"name": "Gull"},
                "jobLocation": [{"address": {"addressLocality": "Malmö", "addressCountry": "SE"}}],
                "employmentType": "CONTRACTOR",
            },
        }
    ],
}
_JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Gull AB",
    "items": [
        {
            "id": "j-1",
            "url": "https://gull.example.com/2",
            "title": "Data Analyst",
            "date_published": "2026-08-02",
            "content_text": "You count gulls & terns.",
            "tags": ["birds", "SQL"],
        }
    ],
}
_REMOTIVE = {
    "0-legal-notice": "link back",
    "jobs": [
        {
            "id": 20,
            "url": "https://remotive.com/remote-jobs/data/x-20",
            "title": "Data Analyst",
            "company_name": "Moth",
            "job_type": "contract",
            "publication_date": "2026-08-09T08:01:56",
            "candidate_required_location": "USA, Canada",
            "salary": "$31,2k- $52k",
            "category": "Data Analysis",
            "tags": ["excel", "AI/ML"],
            "description": '<p class="x"><strong>You follow the light.</strong></p>',
        }
    ],
}
_REMOTEOK = [
    {"last_updated": 1786492823, "legal": "link back"},
    {
        "slug": "remote-ml",
        "id": "11",
        "epoch": 1786414917,
        "date": "2026-08-11T02:21:57+00:00",
        "company": "Dune",
        "position": "Deep Learning Engineer",
        "location": "Krishnagiri, ",
        "tags": ["dev", "python"],
        "description": "You train nets.<br/><br/>Please mention the word **SANDY** and tag RMTkyLjAuMi4x when "
        "applying to show you read the job post completely (#RMTkyLjAuMi4x).",
        "salary_min": 0,
        "salary_max": 0,
        "url": "https://remoteOK.com/remote-jobs/11",
    },
]
_ARBEITNOW = {
    "data": [
        {
            "slug": "bi-1",
            "title": "Business Intelligence Developer (m/w/d)",
            "company_name": "Rabe &amp; Sohn",
            "location": "Köln",
            "remote": False,
            "job_types": ["Full time"],
            "tags": ["IT", "Reporting"],
            "description": "<h2>Aufgaben</h2><p>Berichte für Rabe &amp; Sohn</p>",
            "created_at": 1786000000,
            "url": "https://www.arbeitnow.com/jobs/bi-1",
        }
    ]
}
_HIMALAYAS = {
    "totalCount": 1,
    "jobs": [
        {
            "title": "Prompt Engineer",
            "companyName": "name",
            "companySlug": "clay-works",
            "employmentType": "Contractor",
            "minSalary": 80,
            "maxSalary": 135,
            "salaryPeriod": "hourly",
            "currency": "USD",
            "seniority": ["Senior"],
            "locationRestrictions": [],
            "categories": ["Prompt-Engineer", "AI-Research-Support"],
            "parentCategories": ["Engineering"],
            "excerpt": "In short",
            "description": "<h3>About the job</h3><p>You ask well.</p>",
            "pubDate": 1786424671,
            "guid": "https://himalayas.app/companies/clay/jobs/1",
            "applicationLink": "https://himalayas.app/companies/clay/jobs/1",
        }
    ],
}
_JOBICY = {
    "jobs": [
        {
            "id": 14,
            "url": "https://jobicy.com/jobs/14",
            "jobTitle": "Product Analyst",
            "companyName": "Fern",
            "jobGeo": "LATAM,  Hong Kong",
            "jobType": ["Full-Time"],
            "jobLevel": "Midweight",
            "jobIndustry": ["Product &amp; Operations"],
            "jobExcerpt": "In short",
            "jobDescription": "<div>\n<p>You weigh features.</p></div>",
            "pubDate": "2026-08-10T20:00:05+00:00",
            "salaryMin": 115000,
            "salaryMax": 115000,
            "salaryCurrency": "USD",
            "salaryPeriod": "yearly",
        }
    ]
}
_WORKING_NOMADS = [
    {
        "url": "https://www.workingnomads.com/job/go/1/",
        "title": "Statistician",
        "company_name": "Elm",
        "category_name": "Data",
        "tags": "statistics,r,english",
        "description": "<p>\u00a0</p>\n<p>You draw samples.</p>",
        "location": "Japan - Remote",
        "pub_date": "2026-08-10T09:24:39-04:00",
    }
]
_HACKER_NEWS = {
    "hits": [
        {
            "objectID": "100",
            "parent_id": 9,
            "story_id": 9,
            "created_at": "2026-08-03T14:10:34Z",
            "comment_text": "Basalt (YC W20) | Berlin, Germany | Senior Data Scientist | ONSITE | Full-time | "
            '€90k&#x2F;year - €110k | <a href="https:&#x2F;&#x2F;basalt.example.com">https:&#x2F;&#x2F;b</a>'
            "<p>We&#x27;re melting rock.<p>Stack: Python",
        },
        {"objectID": "101", "parent_id": 100, "story_id": 9, "comment_text": "do you | support | remote?"},
        {"objectID": "102", "parent_id": 9, "story_id": 9, "comment_text": "We are hiring, write to us"},
    ]
}
_SIMPLIFY = [
    {
        "id": "s-1",
        "title": "Robotics Engineer Intern",
        "category": "Hardware",
        "company_name": "Crane",
        "locations": ["Boston, MA", "Remote in USA"],
        "url": "https://crane.example.com/1",
        "date_posted": 1786000000,
        "active": True,
        "is_visible": True,
    },
    {
        "id": "s-2",
        "title": "Data Engineer",
        "company_name": "Crane",
        "locations": [],
        "date_posted": 1,
        "active": False,
    },
]

DOCUMENTS = {
    "greenhouse": json.dumps(_GREENHOUSE),
    "lever": json.dumps(_LEVER),
    "ashby": json.dumps(_ASHBY),
    "workable": json.dumps(_WORKABLE),
    "smartrecruiters": json.dumps(_SMARTRECRUITERS),
    "recruitee": json.dumps(_RECRUITEE),
    "teamtailor": json.dumps(_TEAMTAILOR),
    "personio": PERSONIO,
    "remotive": json.dumps(_REMOTIVE),
    "remoteok": json.dumps(_REMOTEOK),
    "arbeitnow": json.dumps(_ARBEITNOW),
    "himalayas": json.dumps(_HIMALAYAS),
    "jobicy": json.dumps(_JOBICY),
    "we-work-remotely": WE_WORK_REMOTELY,
    "working-nomads": json.dumps(_WORKING_NOMADS),
    "hacker-news": json.dumps(_HACKER_NEWS),
    "simplify": json.dumps(_SIMPLIFY),
    "schema-org": PAGE,
    "rss": RSS,
    "atom": ATOM,
    "json-feed": json.dumps(_JSON_FEED),
    "csv": CSV,
    "markdown": TABLE,
    "json": '[{"title": "Data Analyst", "company": "B"}]',
    "json-lines": '{"title": "Data Analyst", "company": "B"}\n{"title": "Data Engineer", "company": "C"}\n',
    "listing": "Featured Job\nData Analyst\n@ Brook | Remote\nFull-time\n",
}
