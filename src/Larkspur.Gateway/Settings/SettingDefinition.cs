using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings;

/// <summary>What a setting holds.</summary>
public enum SettingKind
{
    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>Text of one line.</summary>
    Text,

    /// <summary>Text that is written and never read back; encrypted where it lies.</summary>
    Secret,

    /// <summary>One of <see cref="SettingDefinition.Choices"/>.</summary>
    Choice,

    /// <summary>A whole number.</summary>
    Number,
}

/// <summary>A setting that administrators change at run time. Each capability declares its own (<c>services.AddSetting</c>).</summary>
/// <param name="Key">Its name over REST and in the console, like <c>auth.feishu.app_id</c>.</param>
/// <param name="Kind">What it holds.</param>
public sealed record SettingDefinition(string Key, SettingKind Kind)
{
    /// <summary>The value that nobody set; empty: none.</summary>
    public string Default { get; init; } = "";

    /// <summary>The environment's name for it, which comes first: what is set there cannot be changed at run time.</summary>
    public string? Variable { get; init; }

    /// <summary>The values of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Longest text in characters.</summary>
    public int Longest { get; init; } = 500;

    /// <summary>What is wrong with a value that has its kind's form; null: nothing.</summary>
    public Func<string, LocalText?>? Problem { get; init; }

    /// <summary>
    /// What is wrong with a value when it is set; null: nothing. A stored one is not asked again: what it speaks of may be away for a
    /// while, or on another machine.
    /// </summary>
    public Func<string, LocalText?>? ProblemWhenSet { get; init; }

    /// <summary>What administrators read above it.</summary>
    public LocalText Title { get; init; } = LocalText.From("");

    /// <summary>And below it.</summary>
    public LocalText Help { get; init; } = LocalText.From("");
}
