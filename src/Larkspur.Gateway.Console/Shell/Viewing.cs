using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Who sees the page, and in which language.</summary>
/// <param name="Language"><c>zh</c> or <c>en</c>.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c>; null: as the browser prefers.</param>
/// <param name="Account">Null on the pages before the log-in.</param>
public sealed record Viewing(string Language, string? Theme, Account? Account)
{
    /// <summary>The text in the reader's language.</summary>
    public string T(LocalText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.In(Language);
    }

    /// <summary>Whether the role is enough; what is offered, not what is allowed: that is asked at the action (<see cref="Visitor.MustBeAsync"/>).</summary>
    public bool May(Role role) => Account is { } account && account.Role >= role;
}
