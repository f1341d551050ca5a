using Federation.Protocol.Records;
using Federation.V1.Records;

namespace Federation.Node.Sharing;

/// <summary>What a record's references have to do with its visibility.</summary>
internal static class References
{
    /// <summary>Whether every record that the part refers to may be named.</summary>
    public static bool MayBeNamed(PartFacts part, Func<RecordName, bool> mayBeNamed)
    {
        var references = part.References;
        for (var i = 0; i < references.Count; i++)
        {
            if (!mayBeNamed(references[i]))
                return false;
        }
        return true;
    }

    /// <summary>Whether an annotation says what it is about, and all of it may be named.</summary>
    public static bool TargetMayBeNamed(RecordFacts facts, Func<RecordName, bool> mayBeNamed)
    {
        var targets = 0;
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            var part = facts.Parts[i];
            if (part.Type != Part.AnnotationTargetFieldNumber)
                continue;
            if (!MayBeNamed(part, mayBeNamed))
                return false;
            targets += part.References.Count;
        }
        return targets > 0;
    }

    /// <summary>Whether an annotation says what it is about.</summary>
    public static bool HasTarget(RecordFacts facts)
    {
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            if (facts.Parts[i].Type == Part.AnnotationTargetFieldNumber && facts.Parts[i].References.Count > 0)
                return true;
        }
        return false;
    }

    /// <summary>Whether the partner issued what the record is about: the one to whom it may tell what was seen.</summary>
    public static bool TargetIsOf(InstituteId partner, RecordFacts facts)
    {
        var targets = 0;
        for (var i = 0; i < facts.Parts.Count; i++)
        {
            var part = facts.Parts[i];
            if (part.Type != Part.AnnotationTargetFieldNumber)
                continue;
            for (var j = 0; j < part.References.Count; j++, targets++)
            {
                if (part.References[j].Origin != partner)
                    return false;
            }
        }
        return targets > 0;
    }
}
