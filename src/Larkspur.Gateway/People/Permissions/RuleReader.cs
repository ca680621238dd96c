using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Reads and writes what a rule says.</summary>
internal static class RuleReader
{
    public const int LongestName = 60;
    public const int MostOfKind = 1000;
    public const int LongestEntry = 254;

    private static readonly FrozenSet<string> Nobody = FrozenSet<string>.Empty;

    /// <summary>Reads what a rule says.</summary>
    /// <exception cref="RequestRefusedException">It is no rule; the word and the pointer say why.</exception>
    public static PermissionRule Read(string name, PermissionRuleBody body) => new()
    {
        Name = name, Feature = FeatureOf(body.Feature), Denies = Denies(body.Effect), Who = Circle(body.Who),
        Hours = body.Hours is { } hours ? Hours(hours) : null, Note = body.Note,
    };

    /// <summary>Reads one that was kept.</summary>
    public static PermissionRule Read(string name, string definition) =>
        Read(name, Body<PutPermissionRule>.Of(JsonSerializer.Deserialize<JsonElement>(definition)));

    /// <summary>A rule as it is kept and shown.</summary>
    public static JsonObject Write(PermissionRule rule)
    {
        var who = new JsonObject();
        if (rule.Who.Everybody) who["everybody"] = true;
        foreach (var (member, list) in new[] { ("people", rule.Who.People), ("departments", rule.Who.Departments), ("roles", rule.Who.Roles), ("platforms", rule.Who.Platforms) })
            if (list.Count > 0) who[member] = new JsonArray([.. list.Order(StringComparer.Ordinal).Select(entry => (JsonNode?)entry)]);
        var written = new JsonObject { ["feature"] = rule.Feature, ["effect"] = rule.Denies ? "deny" : "allow", ["who"] = who };
        if (rule.Hours is { } hours)
        {
            var times = new JsonObject { ["days"] = new JsonArray([.. RuleHours.Words.Where(w => hours.Days.Contains(w.Day)).Select(w => (JsonNode?)w.Word)]) };
            if (hours is not { From: 0, To: RuleHours.Day }) (times["from"], times["to"]) = (RuleHours.Text(hours.From), RuleHours.Text(hours.To));
            if (hours.Zone is { } zone) times["time_zone"] = zone.Id;
            written["hours"] = times;
        }

        if (rule.Note is { } note) written["note"] = note;
        return written;
    }

    /// <summary>A name of a rule or of a role: letters of any script, digits, <c>. _ -</c>.</summary>
    public static string Name(string? name, string pointer) => name is { Length: > 0 and <= LongestName } && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-')
        ? name : throw RequestRefusedException.Impossible("bad_name", pointer, $"A name has up to {LongestName} letters, digits, '.', '_' and '-'.");

    private static string FeatureOf(string feature) => feature is PermissionRule.AnyFeature
        || feature.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or ':' or '/') ? feature
        : throw RequestRefusedException.Impossible("bad_feature", "/feature",
            "A feature has lower-case letters, digits and . _ - : /; * is all of them.");

    private static bool Denies(string effect) => effect switch
    {
        "allow" => false,
        "deny" => true,
        _ => throw RequestRefusedException.Impossible("bad_effect", "/effect", "It is allow or deny."),
    };

    private static RuleCircle Circle(RuleCircleView who)
    {
        var everybody = who.Everybody ?? false;
        var circle = new RuleCircle(everybody, People(who.People), Entries(who.Departments), Entries(who.Roles), Entries(who.Platforms));
        var named = circle.People.Count + circle.Departments.Count + circle.Roles.Count + circle.Platforms.Count;
        if (everybody == named > 0)
            throw RequestRefusedException.Impossible(everybody ? "everybody_and_some" : "nobody", "/who",
                "Either everybody is true, or some are named by people, departments, roles or platforms.");
        return circle;
    }

    private static FrozenSet<string> People(IReadOnlyList<string>? people) => people?.Select((text, i) => KnownPerson.IsId(text) ? text
        : PlatformAccount.EmailOf(text) ?? throw RequestRefusedException.Impossible("bad_id", $"/who/people/{i}",
            "It is neither a person's id (pe_…) nor a mail address.")).ToFrozenSet(StringComparer.Ordinal) ?? Nobody;

    private static FrozenSet<string> Entries(IReadOnlyList<string>? entries) => entries?.ToFrozenSet(StringComparer.Ordinal) ?? Nobody;

    private static RuleHours Hours(RuleHoursView hours)
    {
        var days = Days(hours.Days);
        var (from, to) = (Minute(hours.From, "/hours/from"), Minute(hours.To, "/hours/to"));
        if (from is null != to is null)
            throw RequestRefusedException.Malformed("missing", "/hours", "Give both from and to, or neither: then it is the whole day.");
        if (from == to && from is not null || from == RuleHours.Day || to == 0)
            throw RequestRefusedException.Impossible("bad_hours", "/hours",
                "from is 00:00 to 23:59, to is 00:01 to 24:00, and they differ.");
        TimeZoneInfo? zone = null;
        if (hours.TimeZone is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
            throw RequestRefusedException.Impossible("bad_time_zone", "/hours/time_zone",
                "A time zone of the IANA database, like Asia/Shanghai.");
        return new RuleHours(days, from ?? 0, to ?? RuleHours.Day, zone);
    }

    private static FrozenSet<DayOfWeek> Days(IReadOnlyList<string>? words) => words is null
        ? RuleHours.Words.Select(w => w.Day).ToFrozenSet()
        : words.Select((word, i) => RuleHours.Words.Where(w => w.Word == word).Select(w => (DayOfWeek?)w.Day).FirstOrDefault()
            ?? throw RequestRefusedException.Impossible("bad_day", $"/hours/days/{i}",
                "A day is one of mon, tue, wed, thu, fri, sat, sun.")).ToFrozenSet();

    private static int? Minute(string? text, string pointer) => text is null ? null
        : RuleHours.TryMinute(text, out var minute) ? minute
            : throw RequestRefusedException.Impossible("bad_hours", pointer, "A time is written like 09:00.");
}
