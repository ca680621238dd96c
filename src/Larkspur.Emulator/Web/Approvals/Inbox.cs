using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Web.Approvals;

/// <summary>A line of the inbox: a request of this company, or one of another system.</summary>
/// <param name="Id">Instance code, or the other system's id.</param>
/// <param name="Summary">Some of its values in one line.</param>
/// <param name="Tone">good, bad, busy or off.</param>
public sealed record InboxItem(string Id, string Title, string UserId, DateTimeOffset Time, string Summary, string Status, string Tone, bool Unread);

/// <summary>What one person sees under approvals.</summary>
public sealed class Inbox(Viewer viewer)
{
    public const int MostShown = 200;
    public static readonly string[] Tabs = ["todo", "done", "mine", "copies"];

    private string Me => viewer.Me.UserId;

    public int Open => Items("todo").Count;

    /// <summary>Newest first, 200 at most.</summary>
    public IReadOnlyList<InboxItem> Items(string tab)
    {
        var own = viewer.State.ApprovalInstances.Where(i => tab switch
        {
            "todo" => i.OpenTasks.Any(t => t.UserId == Me),
            "done" => i.Tasks.Any(t => t.UserId == Me && t.Status != TaskStatus.Pending) && i.OpenTasks.All(t => t.UserId != Me),
            "mine" => i.UserId == Me,
            _ => i.Copies.Any(c => c.UserId == Me),
        }).Select(Item);
        var others = viewer.State.ExternalInstances.Where(i => i.Status is not ("DELETED" or "HIDDEN") && tab switch
        {
            "todo" => i.Tasks.Any(t => t.UserId == Me && t.Status == "PENDING"),
            "done" => i.Tasks.Any(t => t.UserId == Me && t.Status != "PENDING") && i.Tasks.All(t => t.UserId != Me || t.Status != "PENDING"),
            "mine" => i.UserId == Me,
            _ => false,
        }).Select(i => new InboxItem(i.InstanceId, i.Title, i.UserId, DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(i.StartTime, 0, 253_402_300_799_999)), viewer.Texts.FromSystem(NameOf(i)), viewer.Texts.StatusOf(i.Status), Texts.ToneOf(i.Status), false));
        return [.. own.Concat(others).OrderByDescending(i => i.Time).Take(MostShown)];
    }

    /// <summary>The request, when the person has to do with it.</summary>
    public ApprovalInstance? Find(string id) => viewer.State.ApprovalInstance(id) is { } found && (found.Involves(Me) || found.Definition.Managers.Contains(Me)) ? found : null;

    public ExternalInstance? FindExternal(string id) =>
        viewer.State.ExternalInstances.FirstOrDefault(i => i.InstanceId == id && (i.UserId == Me || i.Tasks.Any(t => t.UserId == Me)));

    public string NameOf(ExternalInstance instance) => viewer.State.ExternalApproval(instance.Code)?.Name ?? "";

    /// <summary>The filled form as lines: what a control is called, and what stands in it. A list of rows comes as one line for each row.</summary>
    public IEnumerable<(string Name, string Value)> Lines(ApprovalInstance instance) => Lines(ApprovalView.Filled(instance, viewer.Texts.ApprovalLocale));

    public string Names(IEnumerable<string> people) => string.Join(viewer.Texts.Code == "zh" ? "、" : ", ", people.Select(viewer.NameOf));

    private InboxItem Item(ApprovalInstance i) => new(
        i.Code, i.Name(viewer.Texts.ApprovalLocale), i.UserId, i.StartTime, string.Join(" · ", Lines(i).Take(2).Select(l => l.Value)), viewer.Texts.StatusOf(i), Texts.ToneOf(i), i.Copies.Any(c => c.UserId == Me && !c.Read));

    private IEnumerable<(string Name, string Value)> Lines(JsonArray controls)
    {
        foreach (var control in controls.OfType<JsonObject>())
        {
            var name = FormReader.Text(control["name"]) ?? "";
            if (FormReader.Text(control["type"]) == "fieldList")
            {
                var rows = (control["value"] as JsonArray ?? []).OfType<JsonArray>().ToArray();
                for (var i = 0; i < rows.Length; i++) yield return ($"{name} {i + 1}", string.Join(" · ", Lines(rows[i]).Select(l => $"{l.Name} {l.Value}")));
                continue;
            }

            yield return (name, Value(control));
        }
    }

    private string Value(JsonObject control) => FormReader.Text(control["type"]) switch
    {
        "amount" when control["value"] is JsonValue v => $"{FormReader.Text(control["ext"]?["currency"]) ?? "CNY"} {Money(v)}",
        "date" => Date(control["value"]),
        "dateInterval" => $"{Date(control["value"]?["start"])} – {Date(control["value"]?["end"])}",
        "contact" => Names((control["value"] as JsonArray ?? []).Select(FormReader.Text).OfType<string>()),
        "attachmentV2" or "attachment" or "image" or "imageV2" => string.Join(", ", (control["value"] as JsonArray ?? []).Select(FormReader.Text).Select(c => viewer.State.File(c ?? "")?.Name ?? c)),
        "department" => string.Join(", ", (control["value"] as JsonArray ?? []).Select(d => FormReader.Text((d as JsonObject)?["open_id"])).Select(id => viewer.State.Departments.FirstOrDefault(d => d.OpenDepartmentId == id) is { } found ? viewer.Texts.Code == "zh" ? found.Name : found.EnName : id)),
        _ => control["value"] switch
        {
            JsonValue v => v.ToString(),
            JsonArray list => string.Join(", ", list.Select(i => i?.ToString())),
            var other => other?.ToJsonString() ?? "",
        },
    };

    private static string Money(JsonValue value) => decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount.ToString("#,##0.00", CultureInfo.InvariantCulture) : value.ToJsonString();

    private string Date(JsonNode? node) =>
        DateTimeOffset.TryParse(FormReader.Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date.ToOffset(viewer.UtcOffset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : FormReader.Text(node) ?? "";
}
