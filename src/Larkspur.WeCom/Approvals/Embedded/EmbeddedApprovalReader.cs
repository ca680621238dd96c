using System.Text.Json;
using System.Xml.Linq;

namespace Larkspur.WeCom.Approvals;

/// <summary>Reads an approval of the embedded engine from the call's JSON and the event's XML: the same names, but for their case (<c>ItemUserId</c>, <c>ItemUserid</c>).</summary>
internal static class EmbeddedApprovalReader
{
    public static EmbeddedApproval Read(JsonElement data) => Read(new JsonPart(data));

    public static EmbeddedApproval Read(XElement info) => Read(new XmlPart(info));

    private static EmbeddedApproval Read(IPart part) => new()
    {
        ThirdNumber = part.Text("ThirdNo"),
        Name = part.Text("OpenSpName"),
        TemplateId = part.Text("OpenTemplateId"),
        Status = (ApprovalStatus)Int(part, "OpenSpStatus"),
        AppliedAt = UnixTime.Of(Number(part, "ApplyTime")) ?? DateTimeOffset.UnixEpoch,
        ApplicantUserId = part.Text("ApplyUserId"),
        ApplicantName = part.Text("ApplyUserName"),
        ApplicantDepartment = part.Text("ApplyUserParty"),
        Nodes = [.. Under(part, "ApprovalNodes", "ApprovalNode").Select(n => new EmbeddedNode((ApprovalStep)Int(n, "NodeStatus"), Int(n, "NodeAttr") == 2, Int(n, "NodeType"), [.. Under(n, "Items", "Item").Select(Person)]))],
        Notified = [.. Under(part, "NotifyNodes", "NotifyNode").Select(Person)],
        Step = Int(part, "ApproverStep"),
    };

    private static EmbeddedPerson Person(IPart item) => new(
        item.Text("ItemUserId"), item.Text("ItemName"), item.Text("ItemParty"), (ApprovalStep)Math.Max(1, Int(item, "ItemStatus")), item.Text("ItemSpeech"), UnixTime.Of(Number(item, "ItemOpTime")));

    private static IEnumerable<IPart> Under(IPart part, string group, string name) => part.Many(group).SelectMany(g => g.Many(name));

    private static long Number(IPart part, string name) => long.TryParse(part.Text(name), out long value) ? value : 0;

    private static int Int(IPart part, string name) => int.TryParse(part.Text(name), out int value) ? value : 0;

    /// <summary>An object or an element.</summary>
    private interface IPart
    {
        string Text(string name);

        IEnumerable<IPart> Many(string name);
    }

    private sealed class JsonPart(JsonElement element) : IPart
    {
        public string Text(string name) => Find(name) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value ? value.ToString() : "";

        public IEnumerable<IPart> Many(string name) => Find(name) switch
        {
            { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.Object).Select(i => new JsonPart(i)),
            { ValueKind: JsonValueKind.Object } one => [new JsonPart(one)],
            _ => [],
        };

        private JsonElement? Find(string name)
        {
            if (element.ValueKind != JsonValueKind.Object) return null;
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return property.Value;
            }

            return null;
        }
    }

    private sealed class XmlPart(XElement element) : IPart
    {
        public string Text(string name) => Find(name).FirstOrDefault()?.Value ?? "";

        public IEnumerable<IPart> Many(string name) => Find(name).Select(e => new XmlPart(e));

        private IEnumerable<XElement> Find(string name) => element.Elements().Where(e => e.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
