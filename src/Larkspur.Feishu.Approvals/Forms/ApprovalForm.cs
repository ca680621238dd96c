using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Approvals;

/// <summary>The values of a form, set against its definition and written as the platform wants them.</summary>
/// <remarks>
/// Controls are named by id, custom id, or a name that only one of them has. Setters never throw for what is in a value: everything that is wrong is
/// collected, and <see cref="ToJson"/> tells all of it at once in one <see cref="ApprovalFormException"/>. Not for several threads at once.
/// Formats: approval-v4/instance/approval-instance-form-control-parameters.
/// </remarks>
public sealed partial class ApprovalForm
{
    private readonly IReadOnlyList<ApprovalControl> _controls;
    private readonly ApprovalControlKind _within;
    private readonly string _row;
    private readonly Dictionary<string, JsonObject> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ApprovalForm>> _parts = new(StringComparer.Ordinal);
    private readonly List<ApprovalFormProblem> _problems = [];

    /// <summary>An empty form.</summary>
    public ApprovalForm(ApprovalDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        (_controls, ApprovalCode, _row, Nodes) = (definition.Controls, definition.ApprovalCode, "", definition.Nodes);
    }

    private ApprovalForm(ApprovalForm outer, ApprovalControl part, string row)
    {
        (_controls, ApprovalCode, _row, _within) = (part.Children, outer.ApprovalCode, row, part.Kind);
        Offset = outer.Offset;
    }

    /// <summary>The definition that the form is for.</summary>
    public string ApprovalCode { get; }

    /// <summary>The offset from UTC of dates that are given without one. Default +08:00, the time of China.</summary>
    public TimeSpan Offset { get; init; } = TimeSpan.FromHours(8);

    /// <summary>The steps of the definition, where it was read from the platform.</summary>
    internal IReadOnlyList<ApprovalNode> Nodes { get; } = [];

    /// <summary>Everything that is wrong at this moment, what is missing included; empty: the form can be submitted.</summary>
    public IReadOnlyList<ApprovalFormProblem> Problems => [.. Found()];

    /// <summary>Reads values from JSON: an object whose members are controls (id, custom id or name) and whose values are plain.</summary>
    /// <remarks>
    /// Text: a string. Numbers: a number, or a string of digits. Amounts: a number, or <c>{"value":…,"currency":"CNY"}</c>. Options: the key or the text; several
    /// in an array. Dates: RFC 3339, or without an offset (then <paramref name="offset"/>); intervals <c>{"start":…,"end":…,"interval":days}</c>. People,
    /// departments, instances, files: a string or an array of them. Tables: an array of objects. Telephone <c>{"country_code":…,"national_number":…}</c>;
    /// address <c>{"id":…,"detail_address":…}</c>; groups: an object. null: not given. What the platform itself would take as a value is taken too.
    /// </remarks>
    /// <param name="definition">The form's definition.</param>
    /// <param name="values">The values.</param>
    /// <param name="offset">The offset from UTC of dates without one; null: +08:00.</param>
    /// <returns>The form. What was wrong is in its <see cref="Problems"/>, and in the exception of <see cref="ToJson"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="values"/> is no JSON object.</exception>
    public static ApprovalForm FromJson(ApprovalDefinition definition, JsonElement values, TimeSpan? offset = null)
    {
        if (values.ValueKind != JsonValueKind.Object) throw new ArgumentException($"The form's values must be a JSON object, not {values.ValueKind.ToString().ToLowerInvariant()}.", nameof(values));
        var form = new ApprovalForm(definition) { Offset = offset ?? TimeSpan.FromHours(8) };
        foreach (JsonProperty value in values.EnumerateObject()) form.SetJson(value.Name, value.Value);
        return form;
    }

    /// <summary>The form as the platform wants it: a JSON array in a string.</summary>
    /// <exception cref="ApprovalFormException">Something is wrong; it lists everything.</exception>
    public string ToJson()
    {
        ApprovalFormProblem[] problems = [.. Found()];
        return problems.Length == 0 ? Items().ToJsonString(FeishuJson.Options) : throw new ApprovalFormException(ApprovalCode, problems);
    }

    /// <inheritdoc/>
    public override string ToString() => $"form for {ApprovalCode}: {_items.Count} of {_controls.Count} controls";

    /// <summary>What was given and is empty is left out: the platform reads an empty value as a wrong one.</summary>
    private JsonArray Items() => new([.. _controls.Where(c => _parts.ContainsKey(c.Id) || IsGiven(c)).Select(c => (JsonNode)Written(c))]);

    private JsonObject Written(ApprovalControl control)
    {
        JsonObject item = _items[control.Id];
        if (!_parts.TryGetValue(control.Id, out List<ApprovalForm>? parts)) return (JsonObject)item.DeepClone();
        return new()
        {
            ["id"] = control.Id,
            ["type"] = control.Type,
            ["value"] = control.Kind == ApprovalControlKind.FieldList ? new JsonArray([.. parts.Select(p => (JsonNode)p.Items())]) : parts[0].Items(),
        };
    }

    private IEnumerable<ApprovalFormProblem> Found()
    {
        foreach (ApprovalFormProblem problem in _problems) yield return problem;
        foreach (ApprovalControl control in _controls)
        {
            if (_parts.TryGetValue(control.Id, out List<ApprovalForm>? parts))
            {
                foreach (ApprovalFormProblem problem in parts.SelectMany(p => p.Found())) yield return problem;
                continue;
            }

            if (IsGiven(control) || !IsWanted(control) || _problems.Any(p => p.ControlId == control.Id)) continue;
            yield return control.Kind == ApprovalControlKind.ByHandOnly
                ? Problem(ApprovalFormFault.ByHandOnly, control, null, ApprovalFormTexts.ByHandOnly(control, given: false))
                : Problem(ApprovalFormFault.Missing, control, null, ApprovalFormTexts.Missing(control));
        }
    }

    private bool IsGiven(ApprovalControl control) => _items.TryGetValue(control.Id, out JsonObject? item) && item["value"] switch
    {
        JsonValue text when text.TryGetValue(out string? words) => !string.IsNullOrWhiteSpace(words),
        JsonArray list => list.Count > 0 || item["open_ids"] is JsonArray { Count: > 0 },
        null => false,
        _ => true,
    };

    /// <summary>Groups mark as required what the platform computes itself (durations, units); of those only what it documents as required is asked for.</summary>
    private bool IsWanted(ApprovalControl control) => _within switch
    {
        ApprovalControlKind.LeaveGroup => control.Id is "widgetLeaveGroupType" or "widgetLeaveGroupStartTime",
        ApprovalControlKind.OutGroup => control.Id is "widgetOutGroupStartTime" or "widgetOutGroupEndTime",
        ApprovalControlKind.WorkGroup => control.Id is "widgetWorkGroupTimeRangeFieldList",
        _ => control.MustBeGiven,
    };

    private ApprovalFormProblem Problem(ApprovalFormFault fault, ApprovalControl control, string? key, FeishuExplanation words)
        => new(fault, control.Id, control.Name, control.Type, key, _row, _row.Length == 0 ? words : new($"{_row}：{words.Chinese}", $"{_row}: {words.English}"));

    private void Blame(ApprovalFormFault fault, ApprovalControl control, string key, FeishuExplanation words) => _problems.Add(Problem(fault, control, key, words));

    /// <summary>The control by its key, free for a value; else null, and the problem is noted.</summary>
    private ApprovalControl? Resolve(string key)
    {
        ApprovalControl? control = ApprovalFormKeys.Find(_controls, key, out bool ambiguous);
        if (control is null)
        {
            FeishuExplanation words = ambiguous ? ApprovalFormTexts.AmbiguousName(key) : ApprovalFormTexts.UnknownControl(key ?? "", _controls);
            _problems.Add(new(
                ambiguous ? ApprovalFormFault.AmbiguousName : ApprovalFormFault.UnknownControl, key ?? "", "", "", key, _row,
                _row.Length == 0 ? words : new($"{_row}：{words.Chinese}", $"{_row}: {words.English}")));
            return null;
        }

        if (!control.CanBeSubmitted)
        {
            Blame(ApprovalFormFault.ByHandOnly, control, key, ApprovalFormTexts.ByHandOnly(control, given: true));
            return null;
        }

        return control;
    }

    private ApprovalForm Keep(ApprovalControl control, string key, JsonNode value, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var item = new JsonObject { ["id"] = control.Id, ["type"] = control.Type, ["value"] = value };
        foreach ((string name, JsonNode? further) in more)
        {
            if (further is not null) item[name] = further;
        }

        if (!_items.TryAdd(control.Id, item)) Blame(ApprovalFormFault.GivenTwice, control, key, ApprovalFormTexts.GivenTwice(control));
        return this;
    }

    private static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
