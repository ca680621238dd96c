using Larkspur.Cli.Smoke;
using Spectre.Console;

namespace Larkspur.Cli.Hosting;

/// <summary><c>larkspur demo</c>: everything on this machine, ready to click.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        LocalStack stack;
        try
        {
            stack = await LocalStack.StartAsync(freePorts: false, quiet: true, cancellation);
        }
        catch (IOException error)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]larkspur could not start:[/] {error.Message}");
            AnsiConsole.MarkupLine("Another program holds the port. Choose others with LARKSPUR_GATEWAY_URLS and LARKSPUR_EMULATOR_URLS.");
            return 1;
        }

        await using (stack)
        {
            using var control = new EmulatorControl(stack.Emulator);
            var verdict = await control.SetCallbackAsync(LocalStack.AppId, new Uri(stack.Gateway, "/webhook/feishu"), cancellation);

            var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("what").AddColumn("where");
            table.AddRow("[bold]Emulated Feishu[/] (open this)", stack.Emulator.ToString());
            table.AddRow("Gateway", stack.Gateway.ToString());
            table.AddRow("REST API description", new Uri(stack.Gateway, "/openapi/v1.json").ToString());
            table.AddRow("REST API key", stack.ApiKey);
            table.AddRow("Event address check", verdict);
            AnsiConsole.Write(table);
            AnsiConsole.WriteLine();
            AnsiConsole.WriteLine("Be Alice, open the chat with the bot, write /approve-demo and click a button on the card. Ctrl+C stops.");
            await stack.WaitForShutdownAsync(cancellation);
        }

        return 0;
    }
}
