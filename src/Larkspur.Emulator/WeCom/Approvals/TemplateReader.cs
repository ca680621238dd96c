using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Reads the form that an application makes or changes.</summary>
internal static partial class TemplateReader
{
    private const int MostNameCharacters = 40;
    private const int MostPlaceholderCharacters = 80;
    /// <summary>Of one form, rows of tables included. The platform does not publish its number.</summary>
    private const int MostControls = 200;
    private const int MostOptions = 500;
    private static readonly string[] Attendances = ["Vacation", "Attendance"];

    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "Text", "Textarea", "Number", "Money", "Date", "Selector", "Contact", "Tips", "File", "Table", "Location", "RelatedApproval", "DateRange", "PhoneNumber", "Vacation", "Attendance", "BankAccount", "Formula",
    };

    /// <exception cref="WeComRefusal">301025.</exception>
    public static ApprovalTemplate Read(string id, JsonObject body)
    {
        var names = LocalTexts.Read(body, "template_name", MostNameCharacters);
        var controls = Controls(WeComJson.Object(body, "template_content") ?? throw ApprovalRefusal.Param("template_content is missing"), "controls", inTable: false);
        var all = controls.Concat(controls.SelectMany(c => c.Children)).ToArray();
        if (all.Length > MostControls) throw ApprovalRefusal.Param($"a form has {MostControls} controls at most");
        if (all.DistinctBy(c => c.Id, StringComparer.Ordinal).Count() != all.Length) throw ApprovalRefusal.Param("a control id is there twice");
        if (all.Count(c => Attendances.Contains(c.Control)) > 1) throw ApprovalRefusal.Param("a form has one control of absence at most");
        return new ApprovalTemplate(id, names, controls);
    }

    private static ImmutableArray<ApprovalControl> Controls(JsonObject json, string name, bool inTable)
    {
        var items = WeComJson.Objects(json, name) ?? [];
        if (items.Count == 0) throw ApprovalRefusal.Param($"{name} is missing");
        return items.Count > MostControls ? throw ApprovalRefusal.Param($"a form has {MostControls} controls at most") : [.. items.Select(i => Control(i, inTable))];
    }

    private static ApprovalControl Control(JsonObject item, bool inTable)
    {
        var property = WeComJson.Object(item, "property") ?? throw ApprovalRefusal.Param("property is missing");
        var (kind, id) = (WeComJson.Text(property, "control") ?? "", WeComJson.Text(property, "id") ?? "");
        if (!Kinds.Contains(kind)) throw ApprovalRefusal.Param($"control {kind} is unknown");
        if (id.Length > 64 || !Ids().IsMatch(id) || !id.StartsWith(kind + "-", StringComparison.Ordinal)) throw ApprovalRefusal.Param($"the id of a {kind} is {kind}-<digits>");
        if (inTable && (kind == "Table" || Attendances.Contains(kind))) throw ApprovalRefusal.Param($"a table holds no {kind}");
        var title = LocalTexts.Read(property, "title", MostNameCharacters);
        var placeholder = property["placeholder"] is null ? [] : LocalTexts.Read(property, "placeholder", MostPlaceholderCharacters);
        var config = (WeComJson.Object(item, "config") ?? []).DeepClone().AsObject();
        Validate(kind, config);
        ImmutableArray<ApprovalControl> children = [];
        if (kind == "Table")
        {
            children = Controls(WeComJson.Object(config, "table") ?? throw ApprovalRefusal.Param("config.table is missing"), "children", inTable: true);
            config.Remove("table");
        }

        return new ApprovalControl(kind, id, title, placeholder, WeComJson.Flag(property, "require"), !WeComJson.Flag(property, "un_print"), config.ToJsonString(), children);
    }

    private static void Validate(string kind, JsonObject config)
    {
        switch (kind)
        {
            case "Date":
                OneOf(config, "date", "type", "day", "hour");
                break;
            case "DateRange":
                OneOf(config, "date_range", "type", "halfday", "hour");
                break;
            case "Contact":
                OneOf(config, "contact", "type", "single", "multi");
                OneOf(config, "contact", "mode", "user", "department");
                break;
            case "Selector":
                OneOf(config, "selector", "type", "single", "multi");
                Options(config["selector"]!.AsObject());
                break;
        }
    }

    private static void Options(JsonObject selector)
    {
        var options = WeComJson.Objects(selector, "options") ?? [];
        if (options.Count is 0 or > MostOptions) throw ApprovalRefusal.Param($"a selector has 1 to {MostOptions} options");
        foreach (var option in options) LocalTexts.Read(option, "value", MostNameCharacters);
        var keys = options.Select(o => WeComJson.Text(o, "key") ?? "").ToArray();
        if (keys.Contains("") || keys.Distinct(StringComparer.Ordinal).Count() != keys.Length) throw ApprovalRefusal.Param("each option has a key of its own");
    }

    private static void OneOf(JsonObject config, string part, string name, params string[] allowed)
    {
        var value = WeComJson.Object(config, part) is { } settings ? WeComJson.Text(settings, name) : null;
        if (value is null || !allowed.Contains(value)) throw ApprovalRefusal.Param($"config.{part}.{name} is {string.Join(" or ", allowed)}");
    }

    [GeneratedRegex("^[A-Za-z]+-[0-9]{1,20}$")]
    private static partial Regex Ids();
}
