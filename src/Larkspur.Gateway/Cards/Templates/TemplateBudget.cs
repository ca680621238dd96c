using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Cards;

/// <summary>
/// What filling one template may make, counted while it is filled: placeholders multiply texts and repetitions multiply elements, so that a
/// small request would make gigabytes before anybody looks at the card's size.
/// </summary>
internal sealed class TemplateBudget
{
    /// <summary>Characters and elements; more than ten times what any card holds.</summary>
    public const int Most = 400_000;

    private int _left = Most;

    /// <summary>So much was made.</summary>
    /// <exception cref="RequestRefusedException"><c>template_too_large</c>: more than a template may.</exception>
    public void Spend(int made)
    {
        _left -= Math.Min(made, Most);
        if (_left < 0) throw RequestRefusedException.Impossible("template_too_large", null, $"The filled template has more than {Most} characters and elements.");
    }
}
