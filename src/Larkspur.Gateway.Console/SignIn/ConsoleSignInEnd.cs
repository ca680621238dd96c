using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>Whoever signs out, or is signed out, is out of the console too.</summary>
internal sealed class ConsoleSignInEnd(Sessions sessions) : ISignInSessionEnd
{
    /// <summary>A provider that comes under the same name later is another one: its groups are not those of the rules.</summary>
    public async ValueTask MethodEndedAsync(IUnitOfWork unit, string method) => await RoleRules.ForgetGroupsAsync(unit, method);

    public async ValueTask EndedAsync(IUnitOfWork unit, IReadOnlyList<SignInSession> ended)
    {
        foreach (var session in ended) await sessions.EndOfSignInAsync(unit, session.Sid);
    }
}
