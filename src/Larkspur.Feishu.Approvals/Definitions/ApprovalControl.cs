using System.Text.Json;

namespace Larkspur.Feishu.Approvals;

/// <summary>A control of a definition's form.</summary>
public sealed record ApprovalControl
{
    /// <summary>The control's id, unique in its definition: <c>widget1…</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The id that the definition's author gave it, or null.</summary>
    public string? CustomId { get; init; }

    /// <summary>What people see, in the language that was asked for; several controls may share it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Wire type: <c>input</c>, <c>radioV2</c>, ….</summary>
    public required string Type { get; init; }

    /// <summary>What the type holds.</summary>
    public ApprovalControlKind Kind { get; init; }

    /// <summary>A form without it is refused (unless it is hidden, see <see cref="MustBeGiven"/>).</summary>
    public bool Required { get; init; }

    /// <summary>False: nobody sees it, so nobody has to fill it in.</summary>
    public bool Visible { get; init; } = true;

    /// <summary>Whether it is shown depends on the values of others; only the platform decides that.</summary>
    public bool IsConditional { get; init; }

    /// <summary>The platform fills it in when nobody does.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Radio and checkbox: what can be chosen. Empty where the options come from elsewhere (another system, attendance): then any key is taken.</summary>
    public IReadOnlyList<ApprovalOption> Options { get; init; } = [];

    /// <summary>Its options come from another system; values are that system's ids.</summary>
    public bool HasExternalOptions { get; init; }

    /// <summary>Table and groups: the controls inside.</summary>
    public IReadOnlyList<ApprovalControl> Children { get; init; } = [];

    /// <summary>Money: the currencies that can be chosen; empty: the platform did not say.</summary>
    public IReadOnlyList<string> Currencies { get; init; } = [];

    /// <summary>Money: the currency unless another is named, or null.</summary>
    public string? DefaultCurrency { get; init; }

    /// <summary>Dates: <c>YYYY-MM-DD</c>, <c>YYYY-MM-DD a</c> (half days) or <c>YYYY-MM-DD hh:mm</c>; null: not a date.</summary>
    public string? DateFormat { get; init; }

    /// <summary>The control as the platform described it.</summary>
    public JsonElement Raw { get; init; }

    /// <summary>The API takes a value for it.</summary>
    public bool CanBeSubmitted => Kind is not (ApprovalControlKind.Note or ApprovalControlKind.SerialNumber or ApprovalControlKind.ByHandOnly);

    /// <summary>A form without a value for it is refused for certain.</summary>
    public bool MustBeGiven => Required && Visible && !IsConditional && !HasDefault && Kind is not (ApprovalControlKind.Note or ApprovalControlKind.SerialNumber);

    /// <inheritdoc/>
    public override string ToString() => $"{Type} {Id} \"{Name}\"";
}

/// <summary>An option of a radio or checkbox control.</summary>
/// <param name="Key">What is submitted.</param>
/// <param name="Text">What people see.</param>
public sealed record ApprovalOption(string Key, string Text);
