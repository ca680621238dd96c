using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur recall</c>.</summary>
internal static class RecallCommand
{
    public static Command Create()
    {
        var message = new Argument<string>("message") { Description = "The message: om_…, or the number that sending it gave." };
        var app = GatewayOptions.App();
        return new Verb("recall", "Take a message of the bot's back; one that has not left is discarded.", "larkspur recall om_dc13…", "larkspur recall 42") { message, app }.Asks(async call =>
        {
            var id = call.Parsed.GetValue(message)!;
            var query = call.Parsed.GetValue(app) is { } name ? "?app=" + Uri.EscapeDataString(name) : "";
            var answer = await call.Gateway.SendAsync(HttpMethod.Delete, $"messages/{Uri.EscapeDataString(id)}{query}", null, call.Cancellation);
            if (call.Json) JsonOut.Write(answer);
            else Console.Out.WriteLine(Printable.Line(answer.Text("state") == "discarded" ? $"Discarded before it was sent: message {id}" : $"Recalled: {answer.Text("message_id")}"));
            return ExitCodes.Done;
        });
    }
}
