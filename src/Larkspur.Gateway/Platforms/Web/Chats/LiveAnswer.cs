using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>The text of an answer while it is written. A reader knows it up to a length within an epoch; what was replaced begins another epoch, and is told from its beginning.</summary>
internal sealed class LiveAnswer(long id, string person, bool isOwn)
{
    /// <summary>More is not shown while it is written.</summary>
    public const int Longest = 200_000;

    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private uint _epoch = NewEpoch();

    public long Id { get; } = id;

    public string Person { get; } = person;

    /// <summary>It is written by this process; otherwise it is followed by what is put down of it.</summary>
    public bool IsOwn { get; } = isOwn;

    public string Text
    {
        get { lock (_gate) return _text.ToString(0, End); }
    }

    /// <summary>Where a reader of <see cref="Text"/> is.</summary>
    public LivePlace Place
    {
        get { lock (_gate) return new LivePlace(_epoch, End); }
    }

    /// <summary>All of it that is whole characters.</summary>
    private int End => _text.Length > 0 && char.IsHighSurrogate(_text[^1]) ? _text.Length - 1 : _text.Length;

    public void Append(string text)
    {
        lock (_gate) _text.Append(text.AsSpan(0, Math.Min(text.Length, Longest - _text.Length)));
    }

    public void Replace(string text)
    {
        lock (_gate)
        {
            if (text.Length > Longest) text = text[..Longest];
            if (text.Length < _text.Length || !text.AsSpan(0, _text.Length).SequenceEqual(_text.ToString()))
            {
                _text.Clear();
                _epoch = NewEpoch();
            }

            _text.Append(text.AsSpan(_text.Length));
        }
    }

    /// <summary>What a reader does not know yet, and where they are then; null: they know all.</summary>
    public LivePiece? Since(LivePlace place)
    {
        lock (_gate)
        {
            var end = End;
            var known = place.Epoch == _epoch && place.Length <= end ? place.Length : 0;
            // Who has nothing has nothing to take back.
            if (known == end && (place.Epoch == _epoch || place.Length == 0)) return null;
            return new LivePiece(known, _text.ToString(known, end - known), new LivePlace(_epoch, end));
        }
    }

    private static uint NewEpoch() => (uint)RandomNumberGenerator.GetInt32(1, int.MaxValue);
}

/// <summary>How far a reader knows a text.</summary>
/// <param name="Epoch">Of the text; 0: nothing is known of it.</param>
/// <param name="Length">In UTF-16 characters.</param>
internal readonly record struct LivePlace(uint Epoch, int Length);

/// <summary>What follows in a text.</summary>
/// <param name="Offset">Where it begins; what the reader has from there on counts no more.</param>
/// <param name="Text">The piece.</param>
/// <param name="Place">Where the reader is with it.</param>
internal readonly record struct LivePiece(int Offset, string Text, LivePlace Place);
