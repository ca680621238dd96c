using System.Text.Json.Nodes;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.Permissions;

/// <summary>A rule as it stands in the form. Lists are text: entries between blanks, commas or lines.</summary>
public sealed class RuleDraft
{
    private static readonly char[] Between = [' ', ',', '，', '、', ';', '；', '\n', '\r', '\t'];

    public bool IsNew { get; private init; } = true;

    /// <summary>What is replaced; null: a new one.</summary>
    public long? Version { get; private init; }

    public string Name { get; set; } = "";

    public string Feature { get; set; } = "assistant";

    public bool Denies { get; set; }

    public bool Everybody { get; set; } = true;

    public string People { get; set; } = "";

    public string Departments { get; set; } = "";

    public HashSet<string> Roles { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Platforms { get; } = new(StringComparer.Ordinal);

    /// <summary>It counts at some hours only.</summary>
    public bool HasHours { get; set; }

    public HashSet<string> Days { get; } = ["mon", "tue", "wed", "thu", "fri"];

    public TimeOnly From { get; set; } = new(9, 0);

    /// <summary>Midnight is the end of the day.</summary>
    public TimeOnly To { get; set; } = new(18, 0);

    /// <summary>Empty: the gateway's.</summary>
    public string Zone { get; set; } = "";

    public string Note { get; set; } = "";

    internal static RuleDraft Of(PermissionRule rule)
    {
        var draft = new RuleDraft
        {
            IsNew = false, Version = rule.Version, Name = rule.Name, Feature = rule.Feature, Denies = rule.Denies,
                Everybody = rule.Who.Everybody,
            People = Lines(rule.Who.People), Departments = Lines(rule.Who.Departments), Note = rule.Note
                ?? "", HasHours = rule.Hours is not null,
        };
        draft.Roles.UnionWith(rule.Who.Roles);
        draft.Platforms.UnionWith(rule.Who.Platforms);
        if (rule.Hours is not { } hours) return draft;
        draft.Days.Clear();
        draft.Days.UnionWith(RuleHours.Words.Where(word => hours.Days.Contains(word.Day)).Select(word => word.Word));
        (draft.From, draft.To, draft.Zone) = (Time(hours.From), Time(hours.To), hours.Zone?.Id ?? "");
        return draft;
    }

    /// <summary>The rule, judged as one that comes over REST.</summary>
    /// <exception cref="Larkspur.Gateway.Common.Refusals.RequestRefusedException">A field does not fit.</exception>
    internal PermissionRule Rule()
    {
        var who = new JsonObject();
        if (Everybody)
        {
            who["everybody"] = true;
        }
        else
        {
            foreach (var (member, entries) in new (string, IEnumerable<string>)[]
                { ("people", Entries(People)), ("departments", Entries(Departments)), ("roles", Roles), ("platforms", Platforms) })
            {
                if (entries.Any()) who[member] = Array(entries);
            }
        }

        var written = new JsonObject { ["feature"] = Feature.Trim(), ["effect"] = Denies ? "deny" : "allow", ["who"] = who };
        if (HasHours)
        {
            var hours = new JsonObject { ["days"] = Array(Days), ["from"] = Text(From), ["to"] = To == TimeOnly.MinValue ? "24:00"
                : Text(To) };
            if (Zone.Trim() is { Length: > 0 } zone) hours["time_zone"] = zone;
            written["hours"] = hours;
        }

        if (Note.Trim() is { Length: > 0 } note) written["note"] = note;
        return RuleReader.Read(RuleReader.Name(Name.Trim(), "/name"), written.ToJsonString());
    }

    private static TimeOnly Time(int minute) => new(minute / 60 % 24, minute % 60);

    private static string Text(TimeOnly time) => RuleHours.Text(time.Hour * 60 + time.Minute);

    private static string[] Entries(string text) =>
        [.. text.Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];

    private static string Lines(IEnumerable<string> entries) => string.Join('\n', entries.Order(StringComparer.Ordinal));

    private static JsonArray Array(IEnumerable<string> entries) => new([.. entries.Select(entry => (JsonNode?)entry)]);
}
