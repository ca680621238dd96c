using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>A change of an account that is not made.</summary>
/// <param name="field"><c>name</c>, <c>display_name</c>, <c>password</c>, <c>current_password</c>, <c>role</c>.</param>
/// <param name="word">For programs: <c>too_short</c>, <c>taken</c>…</param>
/// <param name="sentence">For people.</param>
public sealed class AccountRefusedException(string field, string word, LocalText sentence) : Exception(sentence?.English)
{
    /// <inheritdoc cref="AccountRefusedException"/>
    public string Field { get; } = field;

    /// <inheritdoc cref="AccountRefusedException"/>
    public string Word { get; } = word;

    /// <inheritdoc cref="AccountRefusedException"/>
    public LocalText Sentence { get; } = sentence;
}
