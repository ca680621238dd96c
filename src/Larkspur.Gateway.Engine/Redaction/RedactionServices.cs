using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Larkspur.Gateway.Redaction;

/// <summary>The registry of secrets, and the log that goes through it.</summary>
internal static class RedactionServices
{
    /// <summary>
    /// After everything else that is about logging: whatever providers there are get what is left after the secrets are taken out.
    /// </summary>
    public static void AddRedaction(this IServiceCollection services, SecretRegistry secrets)
    {
        services.AddSingleton(secrets);
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new RedactingLoggers(
            new LoggerFactory(provider.GetServices<ILoggerProvider>(), provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetService<IOptions<LoggerFactoryOptions>>(), provider.GetService<IExternalScopeProvider>()), secrets)));
    }
}
