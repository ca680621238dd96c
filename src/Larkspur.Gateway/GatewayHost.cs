namespace Larkspur.Gateway;

/// <summary>The gateway as an object: build it, start it on any port, in any process.</summary>
public static class GatewayHost
{
    /// <summary>Builds the host; the caller starts and disposes it. Settings: environment and <paramref name="args"/>, see docs/settings.md.</summary>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);
        return builder.Build();
    }
}
