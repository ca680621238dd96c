using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Microsoft.AspNetCore.Components.Authorization;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Who looks at a page: of the request while it is rendered first, of the circuit afterwards. Asked anew before every action, for a session may have ended meanwhile.</summary>
public sealed class Visitor
{
    private readonly AuthenticationStateProvider _authentication;
    private readonly Sessions _sessions;
    private readonly SessionProof _proof;
    private Account? _shown;

    internal Visitor(AuthenticationStateProvider authentication, Sessions sessions, SessionProof proof) => (_authentication, _sessions, _proof) = (authentication, sessions, proof);

    /// <summary>The account as of now; null: not logged in, or not any more.</summary>
    public async Task<Account?> AccountAsync() => (await SessionAsync())?.Account;

    /// <summary>Who it is for the audit log, provided that the role is enough.</summary>
    /// <exception cref="NotAllowedException">It is not, or the session has ended. Nothing may be done then.</exception>
    public async Task<Actor> MustBeAsync(Role role) => await SessionAsync() is { } session && session.Account.Role >= role
        ? Actor.Console(session.Account.Name, await ClaimAsync(ConsoleGate.AddressClaim))
        : throw new NotAllowedException(role);

    /// <summary>Whether the role is enough as of now.</summary>
    public async Task<bool> MayAsync(Role role) => await SessionAsync() is { } session && session.Account.Role >= role;

    /// <summary>Whether the person has proved lately to be it, in whichever process.</summary>
    public async Task<bool> IsConfirmedAsync() => await SessionAsync() is { } session && _proof.Holds(session);

    /// <exception cref="NotConfirmedException">It has not. Nothing may be done then.</exception>
    public async Task MustBeConfirmedAsync()
    {
        if (!await IsConfirmedAsync()) throw new NotConfirmedException();
    }

    /// <summary>Remembers whose rights the open page was made for.</summary>
    internal void Show(Account? account) => _shown = account;

    /// <summary>The page was made for another role than the account has by now: it is loaded anew before anything else is done with it.</summary>
    internal bool IsStale(Account now) => _shown is { } shown && shown.Role != now.Role;

    internal async Task<Session?> SessionAsync() => await ClaimAsync(ConsoleGate.SessionClaim) is { } id ? await _sessions.FindAsync(id) : null;

    private async Task<string?> ClaimAsync(string type) => (await _authentication.GetAuthenticationStateAsync()).User.FindFirst(type)?.Value;
}

/// <summary>Somebody asked for what the role does not allow.</summary>
/// <param name="role">The role that does.</param>
public sealed class NotAllowedException(Role role) : Exception($"This needs the role {role.Word()}.")
{
    /// <summary>For the person.</summary>
    public LocalText Sentence { get; } = role == Role.Admin
        ? ShellTexts.NeedsAdministrator
        : ShellTexts.NeedsOperator;
}

/// <summary>Somebody asked for what needs a proof of who it is, and gave none lately.</summary>
public sealed class NotConfirmedException() : Exception("This needs the password once more.")
{
    /// <summary>For the person.</summary>
    public LocalText Sentence { get; } = ShellTexts.ConfirmFirst;
}
