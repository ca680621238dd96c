using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>An answer's text on its way to the reader: masked, and shown piece by piece. What may turn out to be personal data is held back until that is known.</summary>
internal sealed class AnswerText(IAnswer answer, RunningTurn running, Masker masker)
{
    private StreamMasker _stream = masker.Stream();
    private bool _showsStep;

    /// <summary>The backend has said something.</summary>
    public bool HasCome { get; private set; }

    public void Append(string delta)
    {
        if (delta.Length == 0) return;
        HasCome = true;
        Show(_stream.Append(delta));
    }

    public void Replace(string text)
    {
        HasCome = true;
        _stream = masker.Stream();
        var shown = _stream.Append(text);
        _showsStep = false;
        running.Replace(shown);
        answer.Replace(shown);
    }

    /// <summary>What the backend does meanwhile: shown while there is no text.</summary>
    public void Step(string title)
    {
        if (HasCome) return;
        _showsStep = true;
        answer.Replace($"*{masker.Mask(title).Replace('*', ' ')}…*");
    }

    /// <summary>What was masked, by kind.</summary>
    public MaskCounts Masked => _stream.Counts;

    /// <summary>All of it.</summary>
    public string End()
    {
        Show(_stream.End());
        return running.Text;
    }

    private void Show(string shown)
    {
        if (shown.Length == 0) return;
        running.Append(shown);
        if (_showsStep)
        {
            _showsStep = false;
            answer.Replace(running.Text);
        }
        else
        {
            answer.Append(shown);
        }
    }
}
