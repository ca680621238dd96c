using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>Whoever signs out, or is signed out, is out of the console too.</summary>
internal sealed class ConsoleSignInEnd(Sessions sessions) : ISignInSessionEnd
{
    public async ValueTask EndedAsync(IUnitOfWork unit, IReadOnlyList<SignInSession> ended)
    {
        foreach (var session in ended) await sessions.EndOfSignInAsync(unit, session.Sid);
    }
}
