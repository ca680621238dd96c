using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Approvals;

/// <summary>A field of a form, as it is made and as it is read.</summary>
[JsonConverter(typeof(ApprovalControlJsonConverter))]
public sealed record ApprovalControl
{
    /// <summary>Its kind: <c>Text</c>, <c>Textarea</c>, <c>Number</c>, <c>Money</c>, <c>Date</c>, <c>Selector</c>, <c>Contact</c>, <c>Tips</c>, <c>File</c>, <c>Table</c>, …</summary>
    public required string Kind { get; init; }

    /// <summary>Its id in the form: the kind, a hyphen and digits, <c>Text-01</c>. What is filled in names it.</summary>
    public required string Id { get; init; }

    /// <summary>Label; 40 characters.</summary>
    public IReadOnlyList<LocalizedText> Title { get; init; } = [];

    /// <summary>Hint; 80 characters.</summary>
    public IReadOnlyList<LocalizedText> Placeholder { get; init; } = [];

    /// <summary>Something must be filled in.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Left out when the approval is printed.</summary>
    public bool IsNotPrinted { get; init; }

    /// <summary>What is special to its kind; null for kinds that have nothing to set.</summary>
    public ControlConfig? Config { get; init; }

    /// <summary>A control with one label in Chinese.</summary>
    public static ApprovalControl Of(string kind, string id, string title, bool required = false, ControlConfig? config = null) =>
        new() { Kind = kind, Id = id, Title = [title], IsRequired = required, Config = config };
}

/// <summary>What is special to a kind of control.</summary>
public abstract record ControlConfig;

/// <summary>Of a <c>Date</c>.</summary>
/// <param name="IsDay">The day alone rather than day and time.</param>
public sealed record DateConfig(bool IsDay) : ControlConfig;

/// <summary>Of a <c>DateRange</c>.</summary>
/// <param name="IsHalfDay">Halves of days rather than minutes.</param>
public sealed record DateRangeConfig(bool IsHalfDay) : ControlConfig;

/// <summary>Of a <c>Selector</c>.</summary>
/// <param name="IsMultiple">Takes several.</param>
/// <param name="Options">What can be chosen; keys are unique.</param>
public sealed record SelectorConfig(bool IsMultiple, IReadOnlyList<SelectedOption> Options) : ControlConfig;

/// <summary>Of a <c>Contact</c>.</summary>
/// <param name="IsMultiple">Takes several.</param>
/// <param name="OfDepartments">Departments rather than people.</param>
public sealed record ContactConfig(bool IsMultiple, bool OfDepartments = false) : ControlConfig;

/// <summary>Of a <c>Table</c>.</summary>
/// <param name="Columns">The controls of each row.</param>
public sealed record TableConfig(IReadOnlyList<ApprovalControl> Columns) : ControlConfig;

/// <summary>Of a kind that this version has no type for: all of <c>config</c>.</summary>
public sealed record RawConfig(JsonElement Json) : ControlConfig;
