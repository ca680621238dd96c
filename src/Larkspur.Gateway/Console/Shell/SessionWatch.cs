using Larkspur.Gateway.Console.LogIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Nothing that comes from a browser reaches a page once the session has ended, in whichever process that was; what does come keeps it alive.</summary>
internal sealed class SessionWatch(Visitor visitor, Sessions sessions, NavigationManager navigation) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        if (await visitor.SessionAsync() is not { } session)
        {
            navigation.NavigateTo(ConsolePaths.LogIn, forceLoad: true);
            return;
        }

        await sessions.TouchAsync(session);
        await next(context);
    };
}
