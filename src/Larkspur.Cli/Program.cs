using System.CommandLine;
using Larkspur.Cli.Hosting;
using Larkspur.Cli.Smoke;
using Spectre.Console;

if (Console.IsOutputRedirected)
{
    // Into a file or a pipe: plain text, never wrapped.
    AnsiConsole.Profile.Capabilities.Ansi = false;
    AnsiConsole.Profile.Width = 1000;
}

var root = new RootCommand("Larkspur: the gateway between a company's systems and Feishu/Lark, WeCom and DingTalk.");

var demo = new Command("demo", "Start the emulator and the gateway with a seeded company, and print the addresses.");
demo.SetAction((_, cancellation) => DemoCommand.RunAsync(cancellation));
root.Add(demo);

var smoke = new Command("smoke", "Play the main job end to end on free ports, print each step, exit 0 or 1.");
smoke.SetAction((_, cancellation) => SmokeCommand.RunAsync(cancellation));
root.Add(smoke);

var run = new Command("run", "The gateway alone, against the real platforms. Settings: docs/settings.md.") { TreatUnmatchedTokensAsErrors = false };
run.SetAction((parsed, cancellation) => SingleHost.RunGatewayAsync([.. parsed.UnmatchedTokens], cancellation));
root.Add(run);

var emulator = new Command("emulator", "The emulator alone. Settings: docs/emulator.md.") { TreatUnmatchedTokensAsErrors = false };
emulator.SetAction((parsed, cancellation) => SingleHost.RunEmulatorAsync([.. parsed.UnmatchedTokens], cancellation));
root.Add(emulator);

return await root.Parse(args).InvokeAsync();
