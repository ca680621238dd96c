using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>What somebody asked for on a page is not done; nothing was changed.</summary>
/// <param name="sentence">Why, for the person.</param>
public sealed class ActionRefusedException(LocalText sentence) : Exception(sentence?.English)
{
    /// <inheritdoc cref="ActionRefusedException"/>
    public LocalText Sentence { get; } = sentence;
}
