using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Microsoft.AspNetCore.Components.Authorization;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Who looks at a page: of the request while it is rendered first, of the circuit afterwards. Asked anew before every action, for a session may have ended meanwhile.</summary>
public sealed class Visitor
{
    private readonly AuthenticationStateProvider _authentication;
    private readonly Sessions _sessions;

    internal Visitor(AuthenticationStateProvider authentication, Sessions sessions) => (_authentication, _sessions) = (authentication, sessions);

    /// <summary>The account as of now; null: not logged in, or not any more.</summary>
    public async Task<Account?> AccountAsync() => (await SessionAsync())?.Account;

    /// <summary>Who it is for the audit log, provided that the role is enough.</summary>
    /// <exception cref="NotAllowedException">It is not, or the session has ended. Nothing may be done then.</exception>
    public async Task<Actor> MustBeAsync(Role role) => await SessionAsync() is { } session && session.Account.Role >= role
        ? Actor.Console(session.Account.Name, await ClaimAsync(ConsoleGate.AddressClaim))
        : throw new NotAllowedException(role);

    internal async Task<Session?> SessionAsync() => await ClaimAsync(ConsoleGate.SessionClaim) is { } id ? await _sessions.FindAsync(id) : null;

    private async Task<string?> ClaimAsync(string type) => (await _authentication.GetAuthenticationStateAsync()).User.FindFirst(type)?.Value;
}

/// <summary>Somebody asked for what the role does not allow.</summary>
/// <param name="role">The role that does.</param>
public sealed class NotAllowedException(Role role) : Exception($"This needs the role {role.Word()}.")
{
    /// <summary>For the person.</summary>
    public LocalText Sentence { get; } = role == Role.Admin
        ? new("需要管理员权限，或登录已过期", "This needs an administrator, or your session has ended")
        : new("需要操作员权限，或登录已过期", "This needs an operator, or your session has ended");
}
