"""The raw material of the generated world: ordinary words, firms, places and sentences to compose from.

Nothing here is a list of roles: names are composed in :mod:`benchmarks.pagegen.names`. Firms and places are chosen for the
trouble that their spelling makes where cells run together ("eBay", "AT&T", "7-Eleven", "Yahoo!").
"""

from __future__ import annotations

HEADS = tuple(
    "analyst assistant attendant auditor baker broker buyer cashier clerk coach collector consultant cook coordinator "
    "counselor dancer designer developer dispatcher driver editor engineer estimator examiner fitter foreman gardener "
    "guard guide handler helper inspector installer instructor investigator janitor judge lead librarian machinist "
    "manager mechanic merchandiser nurse officer operator painter pharmacist photographer pilot planner plumber "
    "processor programmer receptionist recruiter representative researcher roofer salesperson scientist secretary "
    "server specialist supervisor surveyor tailor teacher technician technologist teller therapist trainer translator "
    "treasurer tutor usher waitress welder writer".split()
)
INVENTED_STARTS = tuple(
    "bram cor dun fel glim harn jor kel lum mor nar pel quim ros stev tam ul vor wen yar zan".split()
)
INVENTED_ENDS = tuple("bler dist ger keeper lister monger naut ner pician sor tant ter tician wright zer".split())
FIELDS = tuple(
    "account accounting admissions agency airline asset assurance auto bakery banking behavioral benefits billing "
    "building business call camp cargo case chemical claims clinical collection collections community compliance "
    "construction content contract credit customer data dental design digital distribution document electrical "
    "elementary emergency energy enrollment environmental equipment events export facilities family field finance "
    "fitness fleet floor food forest freight fulfillment gallery garage grant grocery guest health home hospital hotel "
    "import industrial information insurance intake inventory irrigation kitchen laboratory landscape laundry lease "
    "legal library litigation loan lodging logistics mail maintenance marketing medical member merchandise mortgage "
    "museum music network night nutrition office operations optical order outreach packaging park parking patient "
    "payment payroll physical plant policy pool postal preschool press print process procurement product production "
    "program project property purchasing quality radio railroad receiving records recovery recreation regional rental "
    "research reservations restaurant retail risk route safety sales school security service shipping site social "
    "software stock store studio supply support surgical survey systems tax telephone test theater ticket title tool "
    "traffic training transportation travel treatment trust utility vehicle video volunteer warehouse waste water "
    "weekend wholesale wildlife yard youth".split()
)
DOUBLE_FIELDS = (
    "accounts payable",
    "accounts receivable",
    "human resources",
    "customer service",
    "health information",
    "public relations",
    "real estate",
    "life sciences",
    "software engineers",
    "sales operations",
    "social services",
    "medical records",
    "student affairs",
    "early childhood",
    "web applications",
    "special needs",
    "quality control",
)
RANKS = ("senior", "junior", "lead", "assistant", "associate", "chief", "head", "principal", "certified", "staff")
ACRONYMS = ("IT", "HR", "CNC", "MRI", "QA", "SAP", "RN", "EKG", "GIS", "HVAC", "SEO", "CAD")
OWNERS = ("teacher's", "driver's", "veterans'", "manager's", "nurse's", "children's", "physician's", "women's")

SKILLS = tuple(
    "Account Management|Account Reconciliations|Aging Reports|Appeals|Asset Records|Audit Trails|Background Checks|"
    "Bank Deposits|Blueprints|Budget Reports|Building Codes|Calendar Management|Call Center|Care Plans|Cash Handling|"
    "Cash Receipts|Claims Forms|Cleanliness|Client Relations|Cold Calls|Collection Efforts|Community Resources|"
    "Computer Repairs|Conflict Resolution|Contract Terms|Cost Estimates|Court Documents|Crew Schedules|Cycle Counts|"
    "Customer Accounts|Customer Complaints|Customer Satisfaction|Customer Service|Data Analysis|Data Entry|"
    "Delinquent Accounts|Dispatch Logs|Discharge Planning|Drywall|Email Campaigns|Energy Audits|Equipment Checks|"
    "Excellent Interpersonal|Expense Reports|Field Notes|File Systems|Financial Reports|Food Prep|Food Safety|"
    "Forklift Operation|Front Desk|Fund Transfers|General Ledger|Grant Proposals|Greet Guests|Hand Tools|Heavy Loads|"
    "Identify Issues|Incident Reports|Infection Control|Insurance Claims|Inventory Control|Job Orders|Journal Entries|"
    "Kitchen Equipment|Lab Samples|Lease Agreements|Lesson Plans|Loss Prevention|Machine Setup|Market Trends|"
    "Material Handling|Medical Billing|Medical Terminology|Menu Items|Month-End Close|Office Equipment|Order Entry|"
    "Outbound Calls|Outstanding Receivables|Patients|Patient Accounts|Payment Arrangements|Payroll|Phone Calls|"
    "Pivot Tables|Plumbing|Policy Changes|Portfolio|Post-Op Care|Preventive Maintenance|Process Payments|"
    "Product Knowledge|Purchase Orders|Quality Checks|Reconciliations|Record Keeping|Route Planning|Safety Rules|"
    "Sales Floor|Seat Guests|Service Calls|Shift Reports|Site Visits|Social Media|Spreadsheets|Stock Shelves|"
    "Strong Analytical|Strong Problem-Solving|Student Loans|Technical Support|Term Care|Test Scripts|Time Sheets|"
    "Tool Calibration|Travel Plans|Vendor Invoices|Vital Signs|Voice Mail|Warehouse Space|Web Pages|Work Orders|"
    "Written Communication|Yard Work".split("|")
)
ACRONYM_SKILLS = ("CPR", "BLS", "CRM", "POS", "EDI", "UPC", "HIPAA", "SQL", "CPT", "ERP System", "ICD-9", "JD Edwards")
ODD_SKILLS = ("C++", "Node.js", "ASP.NET", "R & D", "401(k) Plans", "Children's Activities", "24/7 Support")
AND_SKILLS = ("Food and Beverage", "Research and Development", "Bed and Breakfast", "Health and Safety")
SOFT_SKILLS = (
    "Listening skills",
    "Negotiating skills",
    "Speaking skills",
    "Communication skills",
    "Customer-service skills",
    "Detail oriented",
    "Interpersonal skills",
    "Physical stamina",
    "Physical strength",
    "Math skills",
    "Compassion",
    "Dexterity",
    "Problem-solving skills",
    "Time-management skills",
    "Computer skills",
    "Patience",
)

CAPITAL_FIRMS = (
    "Uline",
    "Infosys",
    "InfosysPublicService",
    "Amkor Technology",
    "IBM",
    "KFC",
    "3M",
    "7-Eleven",
    "McDonald's",
    "AT&T",
    "H&R Block",
    "Ben & Jerry's",
    "Ernst & Young",
    "J.P. Morgan",
    "Yahoo!",
    "Toys R Us",
    "The Home Depot",
    "Lowe's",
    "University of California, Berkeley",
    "L.L.Bean",
    "Procter & Gamble",
    "Bed Bath & Beyond",
    "Amazon.com",
    "UPS",
    "Frost-Arnett",
    "XPO Logistics",
    "Legrand",
    "1-800-Flowers",
    "24 Hour Fitness",
    "U.S. Bank",
    "Kohl's",
    "HCA Healthcare",
    "Hewlett Packard Enterprise",
    "PricewaterhouseCoopers",
    "Yum! Brands",
    "The University of Texas at Austin",
    "Wal-Mart",
    "City of Houston, Texas",
    "Farmers Insurance Group of Companies",
    "Charles Schwab",
    "GE",
    "O'Reilly Auto Parts",
    "SAP",
    "Marriott International",
    "T-Mobile",
    "Johnson & Johnson",
    "Barnes & Noble",
    "LinkedIn",
    "PepsiCo",
    "FedEx",
    "DaVita",
    "Sherwin-Williams",
    "Mount Sinai Hospital",
    "Texas A&M University",
    "Zoom Video",
    "Snap-on",
    "Chick-fil-A",
    "Rite Aid",
)
LOWER_FIRMS = ("eBay", "iRobot", "iHeartMedia", "eClinicalWorks", "adidas", "lululemon", "uShip", "iCIMS")
FIRM_NAMES = tuple(
    "Abbott Alder Baxter Bellamy Brenner Calder Carver Cole Dalton Drake Eastman Ellis Farrow Fenwick Garland Grayson "
    "Halden Harper Ingram Jansen Keller Kirby Lambert Lockwood Marlow Mercer Nolan Norwood Oakley Palmer Quincy Ramsey "
    "Rowan Sawyer Sutter Tanner Turner Upton Vance Wallace Weston Yates".split()
)
FIRM_NOUNS = tuple(
    "Bank|Capital|Clinic|Construction|Dental|Electric|Energy|Engineering|Foods|Freight|Group|Health|Holdings|Hospitality|"
    "Hotels|Industries|Insurance|Laboratories|Logistics|Markets|Media|Medical Center|Partners|Pharmacy|Properties|Retail|"
    "School District|Security|Services|Solutions|Staffing|Systems|Technologies|Trucking|University".split("|")
)
BLURBS = (
    (
        "{firm} is a {adjective} company with a friendly working environment. Employees mention free lunches, transportation, "
        "and lodging, and the management is good at recognizing key talents."
    ),
    "{firm} is an {adjective2} firm that looks after its people. Staff praise the training and the flexible hours.",
    "{firm} was founded as a family business and has grown ever since. Its workers receive bonuses and a yearly bus pass.",
    "{firm} has a {adjective} culture, and offers paid leave, tuition aid, and a quiet place to work.",
)
BLURB_ADJECTIVES = ("strategically located", "well-known", "large", "mid-sized", "family-owned", "fast-growing")
BLURB_ADJECTIVES2 = ("innovative", "established", "international", "award-winning", "employee-owned")

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
    "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana",
    "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi",
    "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey",
    "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
    "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
    "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
CITIES = (
    "Washington, DC", "New York, NY", "Los Angeles, CA", "San Ramon, CA", "Salt Lake City, UT", "St. Louis, MO",
    "Winston-Salem, NC", "Coeur d'Alene, ID", "O'Fallon, MO", "McAllen, TX", "DeKalb, IL", "Fort Wayne, IN", "Boise, ID",
    "Juneau, AK", "Honolulu, HI", "Baton Rouge, LA", "Santa Fe, NM", "Virginia Beach, VA", "Kansas City, KS", "Reno, NV",
    "Kansas City, MO", "New Haven, CT", "Fargo, ND", "Burlington, VT", "Portland, ME", "Portland, OR", "La Crosse, WI",
    "Sioux Falls, SD", "El Paso, TX", "Des Moines, IA", "Port St. Lucie, FL", "Lee's Summit, MO", "Oklahoma City, OK",
    "Bethesda, MD", "Newark, DE", "Newark, NJ", "Charleston, WV", "Charleston, SC", "Providence, RI", "Detroit, MI",
)  # fmt: skip
DEGREES = (
    "Bachelor's Degree", "High School Diploma", "Associate Degree", "Master's Degree", "Certificate", "Doctoral Degree",
)  # fmt: skip
MAJORS = (
    "Business", "Accounting", "Nursing", "Criminal Justice", "Computer Science", "Health Care Administration",
    "Liberal Arts", "Culinary Arts", "Electrical Engineering Technology", "Psychology", "Finance", "Education", "Marketing",
    "Automotive Technology", "General Studies", "Biology", "Communication", "English", "Fine Arts", "Law",
)  # fmt: skip
COLLEGES = (
    "University of California, Berkeley", "Texas A&M University", "Ohio State University", "Northeastern University",
    "University of Phoenix", "Johnson & Wales University", "MIT", "Stanford University", "SUNY Albany",
    "College of William & Mary", "Embry-Riddle Aeronautical University", "St. John's University",
)  # fmt: skip
INDUSTRIES = (
    "Technology", "Finance", "Professional", "Health Care", "Retail", "Manufacturing", "Hospitality", "Insurance",
    "Start-up", "Fortune 500", "Construction", "Education", "Energy", "Government", "Internet", "Media", "Non Profits",
    "Pharmaceutical", "Real Estate", "Telecommunication", "Transportation", "Utilities", "Automotive",
)  # fmt: skip
CATEGORIES = (
    "office and administrative", "sales", "food and beverage", "healthcare", "education", "engineering and technology",
    "transportation and logistics", "legal", "arts, entertainment, sports, and media", "personal care and attendants",
)  # fmt: skip
RACES = (
    "Black or African American", "Unknown", "Hispanic or Latino", "Asian", "White", "American Indian and Alaska Native",
)  # fmt: skip

VERBS = (
    "Manage",
    "Prepare",
    "Review",
    "Plan",
    "Check",
    "Coordinate",
    "Maintain",
    "Update",
    "Train",
    "Monitor",
    "Draft",
)
PAST_VERBS = ("Managed", "Prepared", "Reviewed", "Planned", "Checked", "Assisted with", "Maintained", "Completed")
OBJECTS = (
    "daily records for new and returning clients", "the shift list of a small team", "incoming forms and missing codes",
    "weekly summaries for the Monday meeting", "spare parts, tools and protective clothing", "letters about late items",
    "files for new partners and their contacts", "the A/R ledger and the aging sheet", "supplies for two busy locations",
    "quality checks on each batch that leaves the line", "HIPAA forms, consent sheets and lab slips",
)  # fmt: skip
ENDS = (
    "in line with written rules", "before the first shift of the week", "while meeting every deadline", "for all sites",
    "using PowerPoint, Excel, and JD Edwards EnterpriseOne", "and report errors to the supervisor", "with great care",
    "to keep customers informed", "for Medicare, Medicaid, and private insurers", "after a change of systems",
)  # fmt: skip
FIGURES = (
    "Reduce late items by 15% within 2 years.", "Handle up to 120 calls a day with a 98% satisfaction rate.",
    "Oversee a budget of $250,000 and 14 staff.", "Save the company $1.2 million, a 7% gain, in one year.",
)  # fmt: skip
PROSE = (
    "{A} reads incoming requests, decides which of them are urgent and hands each one to the right desk.",
    "{As} keep the daily work of their unit in order, and they answer for the figures that other people rely on.",
    "Most {as_} spend a third of the week on the phone and the rest on records, reports and small repairs to both.",
    "Employers expect {a} to keep private matters private and to raise doubts early with a supervisor.",
    "They write down every agreement in the shared system, so that a colleague can take over a case at any hour.",
    "In small firms one {bare} covers the whole process, while larger firms divide it among several teams.",
    "Part of the job is to explain rules in plain words to clients who meet them for the first time.",
    "Also, they keep equipment clean, watch stock levels and order what is needed for the week ahead.",
    "It is their job to train new staff, answer questions and see that work is done safely and on time.",
)
QUOTES = (
    "workers must pay attention to what clients say when they try to settle a matter",
    "the main part of the job is to bring two sides together and to offer a way that both can accept",
    "they must be able to explain options and make sure that people understand what is being said",
    "workers often stand for many hours and need a steady hand at the end of the day",
)
SNIPPETS = (
    "settled open cases with clients by clear talk and a written plan",
    "reduce the daily backlog (dso) by calling ahead and resolving doubts prior to 120 days",
    "determine what files need attention by reviewing the record's history and outstanding items",
    "greet visitors, answer their questions and guide them to the right office",
)
