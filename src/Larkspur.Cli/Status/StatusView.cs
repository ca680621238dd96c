using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Larkspur.Cli.Status;

/// <summary>A gateway's status for people.</summary>
internal static class StatusView
{
    public static void Print(Uri address, JsonElement status)
    {
        var healthy = status.GetProperty("status").GetString() == "ok";
        AnsiConsole.MarkupLineInterpolated($"{address}  [{(healthy ? "green" : "red")}]{status.GetProperty("status").GetString()}[/]");
        foreach (var problem in status.GetProperty("problems").EnumerateArray()) AnsiConsole.MarkupLineInterpolated($"  [red]![/] {problem.GetString()}");

        if (status.TryGetProperty("backlog", out var backlog) && backlog.ValueKind == JsonValueKind.Object) PrintBacklog(backlog);
        JsonElement recent = status.GetProperty("last_five_minutes"), total = status.GetProperty("since_start");
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumn(new TableColumn("last 5 min").RightAligned()).AddColumn(new TableColumn("since start").RightAligned());
        Row("API success", f => Share(f.GetProperty("api_calls").GetProperty("share"), f.GetProperty("api_calls").GetProperty("total")));
        Row("token cache hits", f => Share(f.GetProperty("token_reads").GetProperty("share"), f.GetProperty("token_reads").GetProperty("total")));
        Row("cards accepted", f => Share(f.GetProperty("cards").GetProperty("acceptance_ratio"), null));
        Row("events", f => Number(f.GetProperty("events").GetProperty("accepted")));
        Row("duplicates absorbed", f => Number(f.GetProperty("events").GetProperty("duplicates_absorbed")));
        Row("events failed", f => Number(f.GetProperty("events").GetProperty("failed")));
        Row("messages sent", f => Number(f.GetProperty("messages").GetProperty("sent")));
        Row("messages given up", f => Number(f.GetProperty("messages").GetProperty("dead")));
        Row("acknowledge p50 / p99", f => Latency(f.GetProperty("acknowledge")));
        Row("push to effect p50 / p99", f => Latency(f.GetProperty("push_to_effect")));
        AnsiConsole.Write(table);
        foreach (var quota in status.GetProperty("quota").EnumerateArray())
        {
            var labels = string.Join(' ', quota.GetProperty("labels").EnumerateObject().Select(l => $"{l.Name}={l.Value.GetString()}"));
            AnsiConsole.WriteLine($"  {quota.GetProperty("name").GetString()} {labels}  {Number(quota.GetProperty("value"))}");
        }

        void Row(string name, Func<JsonElement, string> read) => table.AddRow(Markup.Escape(name), Markup.Escape(read(recent)), Markup.Escape(read(total)));
    }

    private static void PrintBacklog(JsonElement backlog)
    {
        foreach (var box in (string[])["inbox", "outbox"])
        {
            var rows = backlog.GetProperty(box);
            var oldest = rows.GetProperty("oldest_seconds") is { ValueKind: JsonValueKind.Number } age ? $", the oldest for {Seconds(age.GetDouble())}" : "";
            var dead = rows.GetProperty("dead_letters") is { ValueKind: JsonValueKind.Number } letters ? $"; {Number(letters)} dead letters" : "";
            AnsiConsole.WriteLine($"  {box}: {Number(rows.GetProperty("open"))} waiting{oldest}{dead}");
        }
    }

    private static string Share(JsonElement share, JsonElement? of) => share.ValueKind != JsonValueKind.Number
        ? "-"
        : (share.GetDouble() * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %" + (of is { } total ? $" of {Number(total)}" : "");

    private static string Latency(JsonElement latency) => latency.GetProperty("p50") is { ValueKind: JsonValueKind.Number } p50
        ? $"{Seconds(p50.GetDouble())} / {Seconds(latency.GetProperty("p99").GetDouble())}"
        : "-";

    private static string Number(JsonElement number) => number.GetDouble().ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds switch
    {
        < 1 => (seconds * 1000).ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 120 => seconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        _ => (seconds / 60).ToString("0.#", CultureInfo.InvariantCulture) + " min",
    };
}
