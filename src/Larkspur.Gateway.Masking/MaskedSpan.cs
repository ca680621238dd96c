namespace Larkspur.Gateway.Masking;

/// <summary>A part of a text that must not be shown. It tells where and what, and never holds the data.</summary>
/// <param name="Start">Its first character, counted in UTF-16 units from the text's beginning.</param>
/// <param name="Length">How long it is. Separators within a number belong to it, a country prefix does not.</param>
/// <param name="Kind">What it is; null when a custom rule found it.</param>
/// <param name="Custom">The rule that found it; null when it is of a known kind.</param>
internal readonly record struct MaskedSpan(int Start, int Length, PersonalData? Kind, CustomMask? Custom = null)
{
    /// <summary>One past its last character.</summary>
    public int End => Start + Length;

    /// <summary>Its beginning was part of another span that stands before it: nothing of the rest is shown.</summary>
    public bool Clipped { get; init; }

    /// <summary>What it is, for metrics: <c>mobile</c>, <c>id_card</c>, <c>bank_card</c>, <c>email</c>, or the custom rule's name.</summary>
    public string Name => Custom?.Name ?? Kind!.Value.Name();
}
