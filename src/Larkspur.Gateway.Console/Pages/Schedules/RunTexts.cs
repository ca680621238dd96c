using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Operations.Endpoints;

namespace Larkspur.Gateway.Console.Pages.Schedules;

/// <summary>How a run ended, in a sentence. What jobs say in English has a Chinese sentence here; the rest is shown as it is.</summary>
internal static partial class RunTexts
{
    private const string Forgot = "forgot ";
    private const string Rest = "; the rest comes next time";

    /// <summary>What jobs say, and how it is said in Chinese; a part is a group of the match.</summary>
    private static readonly (Regex English, Func<string[], string> Chinese)[] Sentences =
    [
        (Keys(), part => KeysSaid(part[1], part[2])),
        (Told(), part => ToldSaid(part[1])),
        (Payments(), part => PaymentsSaid(part[1], part[2])),
        (Notifications(), part => NotificationsSaid(part[1], part[2], part[3])),
        (Gaps(), part => GapsSaid(part[2], part[1], part[3])),
        (Space(), part => SpaceSaid(part[1])),
        (Built(), part => BuiltSaid(part[1])),
        (SwitchedOff(), part => SwitchedOffSaid(part[1])),
        (Removed(), part => RemovedSaid(part[1])),
        (Directories(), part => DirectoriesSaid(part[1])),
    ];

    public static LocalText Of(ScheduleRun run) => run.Outcome switch
    {
        "ok" => run.Detail is { } detail ? Said(detail) : Nothing,
        "running" => Running,
        "stopped" => Stopped,
        "lost" => Lost,
        "timed_out" => TimedOut,
        _ => run.Detail switch
        {
            "the database is away" => DatabaseAway,
            { } kind => FailedBy(kind),
            null => Failed,
        },
    };

    private static LocalText Said(string detail)
    {
        var whole = !detail.EndsWith(Rest, StringComparison.Ordinal);
        var said = whole ? detail : detail[..^Rest.Length];
        if (said.StartsWith(Forgot, StringComparison.Ordinal))
        {
            var forgotten = string.Join(Between, Forgotten().Matches(said[Forgot.Length..]).Select(part =>
            {
                var (count, kind) = (part.Groups[1].Value, part.Groups[2].Value);
                return FindKind(kind, count) ?? count + " " + kind;
            }));
            return new LocalText(ForgottenSaid(forgotten) + (whole ? "" : RestNextTime), Capital(detail));
        }

        foreach (var (english, chinese) in Sentences)
        {
            if (english.Match(said) is not { Success: true } match) continue;
            var words = chinese([.. match.Groups.Values.Select(group => group.Value)]);
            return new LocalText(whole ? words : words + RestNextTime, Capital(detail));
        }

        return LocalText.From(Capital(detail));
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"(\d+) (.+?)(?=(?:, | and )\d|$)")]
    private static partial Regex Forgotten();

    [GeneratedRegex(@"^(\d+) asked for$")]
    private static partial Regex Directories();

    [GeneratedRegex(@"^(\d+) keys end within (\d+) days$")]
    private static partial Regex Keys();

    [GeneratedRegex(@"^told (\d+) people that their command has no answer yet$")]
    private static partial Regex Told();

    [GeneratedRegex(@"^(\d+) calls: (\d+) payments had news$")]
    private static partial Regex Payments();

    [GeneratedRegex(@"^sent (\d+) that waited, turned (\d+), resolved (\d+)$")]
    private static partial Regex Notifications();

    [GeneratedRegex(@"^compared (\d+) chats with (\d+) calls: (\d+) messages had not arrived$")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"^gave back (\d+) KiB$")]
    private static partial Regex Space();

    [GeneratedRegex(@"^built (.+)$")]
    private static partial Regex Built();

    [GeneratedRegex("^switched off (.+): every attempt failed$", RegexOptions.CultureInvariant)]
    private static partial Regex SwitchedOff();

    [GeneratedRegex(@"^(\d+) messages of removed webhooks became dead letters$")]
    private static partial Regex Removed();
}
