using System.Text;
using Spectre.Console;

namespace Larkspur.Cli.Output;

/// <summary>Into a file or a pipe: plain text, never wrapped, and without the blanks by which tables fill up their last cells.</summary>
internal sealed class PlainOutput(TextWriter inner) : TextWriter
{
    private const int Unwrapped = 1000;
    private int _blanks;

    public override Encoding Encoding => inner.Encoding;

    /// <summary>From now on, for all tables and lines of Spectre.Console.</summary>
    public static void Use()
    {
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(new PlainOutput(Console.Out)),
        });
        AnsiConsole.Profile.Width = Unwrapped;
    }

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _blanks++;
            return;
        }

        if (value is not ('\n' or '\r')) for (; _blanks > 0; _blanks--) inner.Write(' ');
        _blanks = 0;
        inner.Write(value);
    }

    public override void Flush() => inner.Flush();
}
