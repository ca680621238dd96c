using Larkspur.Gateway.Console.LogIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Nothing that comes from a browser reaches a page once the session has ended or the account has another role, in whichever process that was; what does come keeps it alive.</summary>
internal sealed class SessionWatch(Visitor visitor, Sessions sessions, NavigationManager navigation) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (await visitor.SessionAsync() is not { } session)
        {
            navigation.NavigateTo(ConsolePaths.LogIn, forceLoad: true);
            return;
        }

        if (visitor.IsStale(session.Account))
        {
            // What is shown was made for other rights: an event of it is not heard.
            navigation.NavigateTo(navigation.Uri, forceLoad: true);
            return;
        }

        await sessions.TouchAsync(session);
        await next(context);
    };
}
