using Larkspur.Cli.Smoke;
using Spectre.Console;

namespace Larkspur.Cli.Hosting;

/// <summary><c>larkspur demo</c>: everything on this machine, ready to click.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await using var stack = await LocalStack.StartAsync(forSmoke: false, cancellation);
            var examples = new DemoExamples(stack);
            if (stack.IsFresh) await examples.SwitchOnAsync(cancellation);
            using var control = new EmulatorControl(stack.Emulator);
            var verdict = await control.SetCallbackAsync(LocalStack.AppId, new Uri(stack.Gateway, "/webhook/feishu"), cancellation);

            AnsiConsole.MarkupLineInterpolated($"[bold]Emulated Feishu[/] (open this)  {stack.Emulator.ToString()}");
            AnsiConsole.WriteLine($"Gateway                      {stack.Gateway}");
            AnsiConsole.WriteLine($"Admin console                {new Uri(stack.Gateway, "/console")}");
            AnsiConsole.WriteLine($"Console log-in               {stack.ConsoleLogIn}");
            // Longer than some terminals are wide, and an address that is broken opens nothing.
            Console.Out.WriteLine($"Web chat, as Alice           {await examples.ChatAsync(cancellation)}");
            await ShowSyncAsync(stack, examples, cancellation);
            AnsiConsole.WriteLine($"REST API reference           {new Uri(stack.Gateway, "/docs")}");
            AnsiConsole.WriteLine($"REST API key                 {stack.ApiKey}");
            AnsiConsole.WriteLine($"Data                         {stack.Data}");
            AnsiConsole.WriteLine($"Event address check          {verdict}");
            AnsiConsole.WriteLine();
            AnsiConsole.WriteLine("Be Alice, open the chat with the bot, write /approve-demo and click a button on the card.");
            AnsiConsole.WriteLine($"Ask the bot anything: {(LocalStack.UsesOwnDify ? "the Dify of DIFY_BASE_URL and DIFY_API_KEY answers" : "a scripted Dify answers; DIFY_BASE_URL and DIFY_API_KEY connect a real one")}.");
            examples.Print();
            AnsiConsole.WriteLine("Ctrl+C stops.");
            await stack.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return StartFailure.Interrupted;
        }
        catch (Exception error) when (StartFailure.IsKnown(error) || error is SmokeFailure or HttpRequestException)
        {
            return StartFailure.Tell(error);
        }
    }

    /// <summary>The demonstration is worth something without it too.</summary>
    private static async Task ShowSyncAsync(LocalStack stack, DemoExamples examples, CancellationToken cancellation)
    {
        if (stack.Folder is not { } folder) return;
        try
        {
            AnsiConsole.WriteLine($"Orders, a table of Feishu    {await examples.SyncAsync(folder, cancellation)}");
            AnsiConsole.WriteLine($"  kept equal with the ERP    sqlite3 {Path.Combine(folder, "erp.db")} \"SELECT * FROM orders\"");
        }
        catch (SmokeFailure e)
        {
            AnsiConsole.WriteLine($"Orders, a table of Feishu    {e.Message}");
        }
    }
}
