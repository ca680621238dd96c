using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Output;

/// <summary>The help of System.CommandLine, with a verb's examples at its end.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            if (option.Action is SynchronousCommandLineAction help) option.Action = new HelpWithExamples(help);
        }
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples: { Count: > 0 } examples })
        {
            Console.Out.WriteLine("Examples:");
            foreach (var example in examples) Console.Out.WriteLine("  " + example);
            Console.Out.WriteLine();
        }

        return code;
    }
}
