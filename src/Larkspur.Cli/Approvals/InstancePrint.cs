using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Approvals;

/// <summary>Instances for people. They are the platform's own documents: what is not there is left out.</summary>
internal static class InstancePrint
{
    public static void Whole(JsonElement instance)
    {
        DetailView.Print(("instance", instance.Text("instance_code")), ("approval", instance.Text("approval_name")), ("number", instance.Text("serial_number")), ("status", instance.Text("status")),
            ("submitter", instance.Text("open_id")), ("began", Moment(instance, "start_time")), ("ended", Moment(instance, "end_time")));
        Console.Out.WriteLine();
        ListView.Write<JsonElement>(Items(instance, "task_list"), new("Task", t => t.Text("id")), new("Step", t => t.Text("node_name")), new("Whose", t => t.Text("open_id")), new("Status", t => t.Text("status")),
            new("Since", t => Moment(t, "start_time")));
    }

    /// <summary>The steps of a preview.</summary>
    public static void Steps(JsonElement preview) => ListView.Write<JsonElement>(Items(preview, "steps"), new("Step", s => s.Text("node_id")), new("Name", s => s.Text("name")), new("Type", s => s.Text("type")),
        new("Who", s => s.Is("chosen_by_submitter") ? "the submitter's choice: --approver" : string.Join(", ", Items(s, "approvers").Select(p => p.GetString()))));

    private static List<JsonElement> Items(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    /// <summary>The platform's times are milliseconds, as texts; 0: not yet.</summary>
    private static string Moment(JsonElement item, string name) =>
        long.TryParse(item.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at > 0 ? PointInTime.Shown(DateTimeOffset.FromUnixTimeMilliseconds(at)) : "";
}
