using System.Globalization;
using Larkspur.Client;
using Spectre.Console;

namespace Larkspur.Cli.Status;

/// <summary>A gateway's status for people.</summary>
internal static class StatusView
{
    public static void Print(Uri address, StatusAnswer status)
    {
        var healthy = status.Status == "ok";
        AnsiConsole.MarkupLineInterpolated($"{address}  [{(healthy ? "green" : "red")}]{status.Status}[/]");
        foreach (var problem in status.Problems) AnsiConsole.MarkupLineInterpolated($"  [red]![/] {problem}");

        if (status.Backlog is { } backlog) PrintBacklog(backlog);
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("last 5 min").RightAligned()).AddColumn(new TableColumn("since start").RightAligned());
        Row("API success", f => Share(f.ApiCalls.Share, f.ApiCalls.Total));
        Row("token cache hits", f => Share(f.TokenReads.Share, f.TokenReads.Total));
        Row("cards accepted", f => Share(f.Cards.AcceptanceRatio, null));
        Row("events", f => Number(f.Events.Accepted));
        Row("duplicates absorbed", f => Number(f.Events.DuplicatesAbsorbed));
        Row("events failed", f => Number(f.Events.Failed));
        Row("messages sent", f => Number(f.Messages.Sent));
        Row("messages given up", f => Number(f.Messages.Dead));
        Row("acknowledge p50 / p99", f => Latency(f.Acknowledge));
        Row("push to effect p50 / p99", f => Latency(f.PushToEffect));
        AnsiConsole.Write(table);
        foreach (var quota in status.Quota)
        {
            var of = string.Join(' ', quota.Labels.Select(l => l.Key == "app" ? l.Value : $"{l.Key}={l.Value}"));
            AnsiConsole.WriteLine(quota.Name switch
            {
                "larkspur_quota_mode" => $"  quota of {of}: {Mode(quota.Value)}",
                "larkspur_quota_forecast" => $"  {Number(quota.Value)} calls of {of} are to be expected this month",
                "larkspur_quota_used" => $"  {Number(quota.Value)} calls of {of} count this month",
                "larkspur_quota_cap" => $"  {Number(quota.Value)} calls a month are the quota of {of}",
                _ => $"  {quota.Name} {of}: {Number(quota.Value)}",
            });
        }

        void Row(string name, Func<WindowFigures, string> read) => table.AddRow(Markup.Escape(name), Markup.Escape(read(status.LastFiveMinutes)), Markup.Escape(read(status.SinceStart)));
    }

    private static void PrintBacklog(BacklogAnswer backlog)
    {
        foreach (var (box, rows) in ((string, BoxAnswer)[])[("inbox", backlog.Inbox), ("outbox", backlog.Outbox)])
        {
            var oldest = rows.OldestSeconds is { } age ? $", the oldest for {Seconds(age)}" : "";
            var dead = rows.DeadLetters is { } letters ? $"; {Number(letters)} dead letters" : "";
            AnsiConsole.WriteLine($"  {box}: {Number(rows.Open)} waiting{oldest}{dead}");
        }
    }

    private static string Mode(double mode) => mode switch { 0 => "normal", 1 => "economy", 2 => "exhausted", _ => Number(mode) };

    private static string Share(double? share, long? of) => share is not { } part
        ? "-"
        : (part * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %" + (of is { } total ? $" of {Number(total)}" : "");

    private static string Latency(LatencyFigures latency) => latency.P50 is { } p50 ? $"{Seconds(p50)} / {Seconds(latency.P99 ?? 0)}" : "-";

    private static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds switch
    {
        < 1 => (seconds * 1000).ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 120 => seconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        _ => (seconds / 60).ToString("0.#", CultureInfo.InvariantCulture) + " min",
    };
}
