using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages recall</c>.</summary>
internal static class RecallCommand
{
    public static Verb Create()
    {
        var message = Named.Argument("message", "The message: om_…, or the number that sending it gave.");
        var app = GatewayOptions.App();
        return new Verb("recall", "Take a message of the bot's back; one that has not left is discarded.",
            "larkspur messages recall om_dc13…", "larkspur messages recall 42") { message, app }.Asks(async call =>
        {
            var id = call.Get(message);
            var answer = await call.AskAsync((client, limited) => client.Messages.RecallAsync(id, call.Get(app), limited));
            if (call.Json) JsonOut.Write(answer);
            else Console.Out.WriteLine(Printable.Line(answer.State == "discarded" ? $"Discarded before it was sent: message {id}" : $"Recalled: {answer.MessageId}"));
            return ExitCodes.Done;
        });
    }
}
