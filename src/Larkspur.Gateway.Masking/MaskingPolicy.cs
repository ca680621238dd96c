using System.Collections.Frozen;

namespace Larkspur.Gateway.Masking;

/// <summary>What is masked: kinds of personal data, and rules of one's own. Immutable.</summary>
internal sealed record MaskingPolicy
{
    /// <summary>Nothing.</summary>
    public static MaskingPolicy None { get; } = new();

    /// <summary>Every kind, no rules of one's own.</summary>
    public static MaskingPolicy All { get; } = new() { Kinds = PersonalDataNames.All.ToFrozenSet() };

    /// <summary>The kinds that are masked.</summary>
    public IReadOnlySet<PersonalData> Kinds { get; init; } = FrozenSet<PersonalData>.Empty;

    /// <summary>Rules of one's own, at most <see cref="CustomMask.MaxRules"/>, with different names. Where two find the same, the earlier one's replacement is shown.</summary>
    /// <exception cref="FormatException">Too many, or two of one name.</exception>
    public IReadOnlyList<CustomMask> Custom
    {
        get;
        init
        {
            if (value.Count > CustomMask.MaxRules) throw new FormatException($"A masking policy has at most {CustomMask.MaxRules} rules, not {value.Count}.");
            if (value.GroupBy(static rule => rule.Name).FirstOrDefault(static same => same.Count() > 1) is { } twice) throw new FormatException($"Two masking rules are named \"{twice.Key}\".");
            field = [.. value];
        }
    } = [];

    /// <summary>
    /// Stands for each hidden character; '*' by default. A full-width digit gets '＊' for '*'. In Markdown two runs of stars on a line make each other bold and vanish:
    /// text that will be drawn as Markdown is better masked with '•'.
    /// </summary>
    public char Mark { get; init; } = '*';

    /// <summary>Nothing would be masked.</summary>
    public bool IsEmpty => Kinds.Count == 0 && Custom.Count == 0;

    /// <summary>Reads the kinds from a setting: <c>mobile,id_card,bank_card,email</c>, or <c>all</c>, or <c>none</c>. Case and blanks do not matter.</summary>
    /// <exception cref="FormatException">Empty, a name that is not known, or <c>all</c>/<c>none</c> beside others; the message lists what there is.</exception>
    public static MaskingPolicy Parse(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names is [var only])
        {
            if (only.Equals("all", StringComparison.OrdinalIgnoreCase)) return All;
            if (only.Equals("none", StringComparison.OrdinalIgnoreCase)) return None;
        }

        return new MaskingPolicy { Kinds = names.Select(KindOf).ToFrozenSet() };
    }

    /// <summary>The kinds as <see cref="Parse"/> reads them.</summary>
    public string KindsText => Kinds.Count == 0 ? "none" : string.Join(',', PersonalDataNames.All.Where(Kinds.Contains).Select(static kind => kind.Name()));

    /// <summary>The kind of that name.</summary>
    /// <exception cref="FormatException">There is none; the message lists what there is.</exception>
    internal static PersonalData KindOf(string? name)
    {
        foreach (var kind in PersonalDataNames.All)
        {
            if (kind.Name().Equals(name, StringComparison.OrdinalIgnoreCase)) return kind;
        }

        var all = string.Join(", ", PersonalDataNames.All.Select(static kind => kind.Name()));
        var shown = name is { Length: > 40 } ? name[..40] + "…" : name;
        throw new FormatException(string.IsNullOrEmpty(name) ? $"A kind of personal data is missing: {all}; or all, or none, alone." : $"\"{shown}\" is no kind of personal data: {all}; or all, or none, alone.");
    }
}
