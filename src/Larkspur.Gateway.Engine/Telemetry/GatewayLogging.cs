using Microsoft.Extensions.Logging.Console;

namespace Larkspur.Gateway.Telemetry;

/// <summary>Logs on the console: text for people, JSON for collectors (<c>LARKSPUR_LOG=json</c>).</summary>
internal static class GatewayLogging
{
    public static void AddGatewayLogging(this IServiceCollection services, ConfigurationManager configuration) => services.AddLogging(logging =>
    {
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.Configure(o => o.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        // One line per request of the server and of the platform's HTTP client would drown the events.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        // With this category on, the server makes an Activity for every request, whether or not anybody collects spans (HostingApplicationDiagnostics).
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // It warns that no key encryptor of its own is configured. The key ring is sealed one level below; when it is not, KeyRepository says so.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        if (string.Equals(configuration["LARKSPUR_LOG"], "json", StringComparison.OrdinalIgnoreCase))
        {
            logging.AddJsonConsole(json =>
            {
                json.IncludeScopes = true;
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
            return;
        }

        logging.AddSimpleConsole(text =>
        {
            text.SingleLine = true;
            text.UseUtcTimestamp = true;
            text.TimestampFormat = "HH:mm:ss.fff ";
            text.IncludeScopes = false;
            text.ColorBehavior = LoggerColorBehavior.Default;
        });
    });
}
