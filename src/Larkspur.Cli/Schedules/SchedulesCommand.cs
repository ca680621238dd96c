using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Schedules;

/// <summary><c>larkspur schedules</c>: what the gateway does by the clock.</summary>
internal static class SchedulesCommand
{
    public static Command Create() => new("schedules", "What the gateway does by the clock: list, run.") { List(), Run() };

    private static Verb List() => new Verb("list", "Schedules, with how they ran last and when they run next.", "larkspur schedules list")
        .Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Schedules.ListAsync(limited))).Items, false,
            new("Schedule", s => s.Name), new("Rule", s => Rule(s.Rule)), new("Next", s => PointInTime.Short(s.NextAt)),
                new("Runs", s => s.Runs.ToString(CultureInfo.InvariantCulture)),
            new("Last", s => s.Last is { } last ? PointInTime.Short(last.StartedAt) : null), new("Outcome", s => s.Last?.Outcome)));

    /// <summary>Of an interval what it is called, <c>every 15 min</c>; of another rule the rule.</summary>
    private static string Rule(string rule)
    {
        if (rule.Split(' ') is not ["every", var text] || !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) return rule;
        var (count, unit) = span switch
        {
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => (span.TotalDays, "d"),
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => (span.TotalHours, "h"),
            { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => (span.TotalMinutes, "min"),
            _ => (span.TotalSeconds, "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"every {count} {unit}");
    }

    private static Verb Run()
    {
        var name = Named.Argument("name", "The schedule.");
        return new Verb("run", "Run one now; list tells how it went.", "larkspur schedules run payments") { name }.Asks(async call =>
        {
            var accepted = await call.AskAsync((client, limited) => client.Schedules.RunAsync(call.Get(name), limited));
            return AnswerView.Say(call, accepted, $"Runs: {accepted.Name}");
        });
    }
}
