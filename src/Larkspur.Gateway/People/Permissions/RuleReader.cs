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
    private const int MostOfKind = 1000;
    private const int LongestEntry = 254;
    private const int LongestNote = 500;

    private static readonly FrozenSet<string> Nobody = FrozenSet<string>.Empty;

    /// <summary>Reads a rule's members, all but its name.</summary>
    /// <exception cref="RequestRefusedException">They are no rule; the word and the pointer say why.</exception>
    public static PermissionRule Read(string name, JsonFields fields)
    {
        var rule = new PermissionRule
        {
            Name = name, Feature = FeatureOf(fields), Denies = Effect(fields),
            Who = Circle(fields.Object("who") ?? throw RequestRefusedException.Malformed("missing", fields.At("who"), "\"who\" is missing: {\"everybody\": true}, or people, departments, roles, platforms."), fields.At("who")),
            Hours = fields.Object("hours") is { } hours ? Hours(hours, fields.At("hours")) : null,
            Note = fields.Text("note", LongestNote),
        };
        fields.End();
        return rule;
    }

    /// <summary>Reads one that was kept.</summary>
    public static PermissionRule Read(string name, string definition) => Read(name, JsonFields.Of(JsonSerializer.Deserialize<JsonElement>(definition), ""));

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

    private static string FeatureOf(JsonFields fields)
    {
        var feature = fields.Need("feature", fields.Text("feature", 80));
        return feature is PermissionRule.AnyFeature || feature.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '_' or '-' or ':' or '/') ? feature
            : throw RequestRefusedException.Impossible("bad_feature", fields.At("feature"), "A feature has lower-case letters, digits and . _ - : /; * is all of them.");
    }

    private static bool Effect(JsonFields fields) => fields.Need("effect", fields.Text("effect")) switch
    {
        "allow" => false,
        "deny" => true,
        _ => throw RequestRefusedException.Impossible("bad_effect", fields.At("effect"), "It is allow or deny."),
    };

    private static RuleCircle Circle(JsonFields who, string pointer)
    {
        var everybody = who.Truth("everybody") ?? false;
        var circle = new RuleCircle(everybody, People(who), Entries(who, "departments"), Entries(who, "roles"), Entries(who, "platforms"));
        who.End();
        var named = circle.People.Count + circle.Departments.Count + circle.Roles.Count + circle.Platforms.Count;
        if (everybody == named > 0)
            throw RequestRefusedException.Impossible(everybody ? "everybody_and_some" : "nobody", pointer, "Either everybody is true, or some are named by people, departments, roles or platforms.");
        return circle;
    }

    private static FrozenSet<string> People(JsonFields who)
    {
        var at = who.At("people");
        return who.Texts("people", MostOfKind, LongestEntry)?.Select((text, i) => KnownPerson.IsId(text) ? text : PlatformAccount.EmailOf(text)
            ?? throw RequestRefusedException.Impossible("bad_id", $"{at}/{i}", "It is neither a person's id (pe_…) nor a mail address.")).ToFrozenSet(StringComparer.Ordinal) ?? Nobody;
    }

    private static FrozenSet<string> Entries(JsonFields who, string member) => who.Texts(member, MostOfKind, LongestEntry)?.ToFrozenSet(StringComparer.Ordinal) ?? Nobody;

    private static RuleHours Hours(JsonFields hours, string pointer)
    {
        var days = Days(hours);
        var (from, to) = (Minute(hours, "from"), Minute(hours, "to"));
        if (from is null != to is null) throw RequestRefusedException.Malformed("missing", pointer, "Give both from and to, or neither: then it is the whole day.");
        if (from == to && from is not null || from == RuleHours.Day || to == 0) throw RequestRefusedException.Impossible("bad_hours", pointer, "from is 00:00 to 23:59, to is 00:01 to 24:00, and they differ.");
        TimeZoneInfo? zone = null;
        if (hours.Text("time_zone", 64) is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
            throw RequestRefusedException.Impossible("bad_time_zone", hours.At("time_zone"), "A time zone of the IANA database, like Asia/Shanghai.");
        hours.End();
        return new RuleHours(days, from ?? 0, to ?? RuleHours.Day, zone);
    }

    private static FrozenSet<DayOfWeek> Days(JsonFields hours)
    {
        var at = hours.At("days");
        if (hours.Texts("days", 7, 3) is not { } words) return RuleHours.Words.Select(w => w.Day).ToFrozenSet();
        return words.Select((word, i) => RuleHours.Words.Where(w => w.Word == word).Select(w => (DayOfWeek?)w.Day).FirstOrDefault()
            ?? throw RequestRefusedException.Impossible("bad_day", $"{at}/{i}", "A day is one of mon, tue, wed, thu, fri, sat, sun.")).ToFrozenSet();
    }

    private static int? Minute(JsonFields hours, string member) => hours.Text(member, 5) is not { } text ? null
        : RuleHours.TryMinute(text, out var minute) ? minute : throw RequestRefusedException.Impossible("bad_hours", hours.At(member), "A time is written like 09:00.");
}
