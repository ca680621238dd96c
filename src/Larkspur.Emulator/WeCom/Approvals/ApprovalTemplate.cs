using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>A field of a form.</summary>
/// <param name="Control">Its kind: <c>Text</c>, <c>Money</c>, <c>Table</c>…</param>
/// <param name="Id"><c>Text-01</c>.</param>
/// <param name="Config">What is special to its kind, as JSON.</param>
/// <param name="Children">Of a table: the fields of each row.</param>
internal sealed record ApprovalControl(
    string Control, string Id, ImmutableArray<LocalText> Title, ImmutableArray<LocalText> Placeholder, bool Required, bool Printed, string Config, ImmutableArray<ApprovalControl> Children)
{
    public JsonObject Settings(string name) => JsonNode.Parse(Config)!.AsObject()[name] as JsonObject ?? [];

    public JsonObject Show()
    {
        var config = JsonNode.Parse(Config)!.AsObject();
        if (config["selector"]?["options"] is JsonArray options)
        {
            foreach (var option in options.OfType<JsonObject>().Where(o => o["value"] is JsonObject))
            {
                var text = option["value"]!.DeepClone();
                option["value"] = new JsonArray(text);
            }
        }

        if (Children.Length > 0) config["table"] = new JsonObject { ["children"] = WeComJson.List(Children.Select(c => c.Show())), ["stat_field"] = new JsonArray() };
        return new JsonObject
        {
            ["property"] = new JsonObject
            {
                ["control"] = Control, ["id"] = Id, ["title"] = LocalTexts.Show(Title), ["placeholder"] = LocalTexts.Show(Placeholder), ["require"] = Required ? 1 : 0, ["un_print"] = Printed ? 0 : 1,
            },
            ["config"] = config,
        };
    }
}

/// <summary>A form, and the way of what is asked for with it. It never changes; a change is a new record.</summary>
internal sealed record ApprovalTemplate(string Id, ImmutableArray<LocalText> Names, ImmutableArray<ApprovalControl> Controls)
{
    /// <summary>The application that made it over the API; <see langword="null"/>: the corp's administrator.</summary>
    public int? MadeBy { get; init; }

    /// <summary>Who decides where a request leaves it to the form; empty: the applicant's leader, or the administrator.</summary>
    public ImmutableArray<ApprovalNode> Nodes { get; init; } = [];

    public JsonObject Show() => new()
    {
        ["template_names"] = LocalTexts.Show(Names), ["template_content"] = new JsonObject { ["controls"] = WeComJson.List(Controls.Select(c => c.Show())) },
    };
}
